"""Prints the policies of moto's group devs and the texts in force, as JSON."""

import json

import boto3

iam = boto3.client("iam", aws_access_key_id="testing", aws_secret_access_key="testing")
told = {"attached": [], "local": [policy["Arn"] for policy in iam.list_policies(Scope="Local")["Policies"]]}
for policy in iam.list_attached_group_policies(GroupName="devs")["AttachedPolicies"]:
    found = iam.get_policy(PolicyArn=policy["PolicyArn"])["Policy"]
    version = found["DefaultVersionId"]
    text = iam.get_policy_version(PolicyArn=policy["PolicyArn"], VersionId=version)
    told["attached"].append(
        [policy["PolicyName"], version, text["PolicyVersion"]["Document"]]
    )
print(json.dumps(told))
