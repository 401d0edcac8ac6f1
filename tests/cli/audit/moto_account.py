"""Makes an account in moto: a finding for each check that moto can show, and a near miss beside it."""

import json

import boto3

iam = boto3.client("iam", aws_access_key_id="testing", aws_secret_access_key="testing")


def everything(**more):
    return {"Action": "*", "Resource": "*", **more}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def person(name, group=None, password=False, devices=0):
    iam.create_user(UserName=name)
    if group:
        iam.add_user_to_group(GroupName=group, UserName=name)
    if password:
        iam.create_login_profile(UserName=name, Password="a-Pass-word-1")
    for number in range(devices):
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=f"{name}-{number}")
        # moto takes any codes.
        iam.enable_mfa_device(
            UserName=name,
            SerialNumber=device["VirtualMFADevice"]["SerialNumber"],
            AuthenticationCode1="123456",
            AuthenticationCode2="654321",
        )


for group in ["developers", "operators"]:
    iam.create_group(GroupName=group)
deny = everything(Effect="Deny", Condition={"Null": {"aws:MultiFactorAuthAge": "true"}})
old = everything(Effect="Deny", Condition={"NumericGreaterThan": {"aws:MultiFactorAuthAge": "28800"}})
iam.put_group_policy(
    GroupName="developers",
    PolicyName="mfa",
    PolicyDocument=document(everything(Effect="Allow"), deny, old),
)
policy = iam.create_policy(PolicyName="all", PolicyDocument=document(everything(Effect="Allow")))
iam.attach_group_policy(GroupName="operators", PolicyArn=policy["Policy"]["Arn"])

person("ada", "developers", password=True, devices=2)
iam.create_access_key(UserName="ada")
person("bob", "developers", password=True)
person("cyd", "developers", password=True, devices=1)
person("deploy", "operators")
iam.create_access_key(UserName="deploy")
iam.create_virtual_mfa_device(VirtualMFADeviceName="left-behind")

# Who asks.
iam.create_user(UserName="auditor")
key = iam.create_access_key(UserName="auditor")["AccessKey"]
print(json.dumps({"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}))
