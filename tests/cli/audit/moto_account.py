"""Makes an account in moto: a finding for each check that moto can show, and a near miss beside it."""

import json

import boto3

iam = boto3.client("iam", aws_access_key_id="testing", aws_secret_access_key="testing")


def everything(**more):
    return {"Action": "*", "Resource": "*", **more}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def enable(name, serial):
    # moto takes any serial and any codes.
    iam.enable_mfa_device(
        UserName=name, SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321"
    )


def person(name, group=None, password=False, devices=0, others=(), key=False):
    iam.create_user(UserName=name)
    if key:
        iam.create_access_key(UserName=name)
    if group:
        iam.add_user_to_group(GroupName=group, UserName=name)
    if password:
        iam.create_login_profile(UserName=name, Password="a-Pass-word-1")
    for number in range(devices):
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=f"{name}-{number}")
        enable(name, device["VirtualMFADevice"]["SerialNumber"])
    for serial in others:
        enable(name, serial)


def group(name, *statements):
    iam.create_group(GroupName=name)
    iam.put_group_policy(GroupName=name, PolicyName="mfa", PolicyDocument=document(*statements))


def deny_unless(operator):
    return everything(Effect="Deny", Condition={operator: {"aws:MultiFactorAuthPresent": "false"}})


deny = everything(Effect="Deny", Condition={"Null": {"aws:MultiFactorAuthAge": "true"}})
old = everything(Effect="Deny", Condition={"NumericGreaterThan": {"aws:MultiFactorAuthAge": "28800"}})
group("developers", everything(Effect="Allow"), deny, old)
group("endless", deny)
# Bool is no match where there is no MFA at all; BoolIfExists is one.
group("broken", deny_unless("Bool"), old)
group("whole", deny_unless("BoolIfExists"), old)
enrolment = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
]
deny_but_enrolment = {**deny_unless("BoolIfExists"), "NotAction": enrolment}
del deny_but_enrolment["Action"]
group("self-service", everything(Effect="Allow"), deny_but_enrolment, old)
iam.create_group(GroupName="operators")
policy = iam.create_policy(PolicyName="all", PolicyDocument=document(everything(Effect="Allow")))
iam.attach_group_policy(GroupName="operators", PolicyArn=policy["Policy"]["Arn"])

account = "arn:aws:iam::123456789012"
person("ada", "developers", password=True, devices=2, key=True)
person("bob", "developers", password=True)
person("cyd", "developers", password=True, devices=1)
person("deploy", "operators", key=True)
person("newcomer", "self-service", password=True)
security_keys = [f"{account}:u2f/user/{name}/yubikey-{number}" for name in ["fido", "browser"] for number in [1, 2]]
person("fido", "developers", others=security_keys[:2], key=True)
person("browser", "developers", others=security_keys[2:], password=True)
person("sms", devices=1, others=[f"{account}:sms-mfa/sms"])
person("token", devices=1, others=["GAHT12345678"])
iam.create_virtual_mfa_device(VirtualMFADeviceName="left-behind")

# Who asks.
iam.create_user(UserName="auditor")
key = iam.create_access_key(UserName="auditor")["AccessKey"]
print(json.dumps({"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}))
