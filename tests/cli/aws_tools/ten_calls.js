// Makes ten calls with one client of the profile in AWS_PROFILE and prints the ARN that each was told.

const { GetCallerIdentityCommand, STSClient } = require("@aws-sdk/client-sts");

const sts = new STSClient({});
(async () => {
  for (let call = 0; call < 10; call += 1) {
    console.log((await sts.send(new GetCallerIdentityCommand({}))).Arn);
  }
})();
