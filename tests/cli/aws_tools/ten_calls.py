"""Makes ten calls with one client of the profile `work` and prints the ARN that each was told."""

import boto3

sts = boto3.Session(profile_name="work").client("sts")
for _ in range(10):
    print(sts.get_caller_identity()["Arn"])
