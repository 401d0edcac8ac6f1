"""Makes a user with an access key in moto and prints it as JSON; with ORPHAN a device that is nobody's."""

import json
import os

import boto3

iam = boto3.client("iam", aws_access_key_id="testing", aws_secret_access_key="testing")
if "ORPHAN" in os.environ:
    iam.create_virtual_mfa_device(VirtualMFADeviceName=os.environ["ORPHAN"])
    print("{}")
else:
    iam.create_user(UserName="grace")
    key = iam.create_access_key(UserName="grace")["AccessKey"]
    print(
        json.dumps(
            {
                "access_key_id": key["AccessKeyId"],
                "secret_access_key": key["SecretAccessKey"],
            }
        )
    )
