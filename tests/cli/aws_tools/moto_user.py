"""Makes a user with an access key and a virtual MFA device in moto and prints them as JSON."""

import json

import boto3

iam = boto3.client("iam", aws_access_key_id="testing", aws_secret_access_key="testing")
user = iam.create_user(UserName="ada")["User"]
key = iam.create_access_key(UserName="ada")["AccessKey"]
device = iam.create_virtual_mfa_device(VirtualMFADeviceName="ada")["VirtualMFADevice"]
# moto takes any codes.
iam.enable_mfa_device(
    UserName="ada",
    SerialNumber=device["SerialNumber"],
    AuthenticationCode1="123456",
    AuthenticationCode2="654321",
)
print(
    json.dumps(
        {
            "arn": user["Arn"],
            "serial": device["SerialNumber"],
            "access_key_id": key["AccessKeyId"],
            "secret_access_key": key["SecretAccessKey"],
        }
    )
)
