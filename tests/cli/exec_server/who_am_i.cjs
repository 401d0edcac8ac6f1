// Asks AWS with one client who it is, once for each line of its input.

const { createInterface } = require("node:readline");
const { STSClient, GetCallerIdentityCommand } = require(
  `${process.argv[2]}/@aws-sdk/client-sts`,
);

const sts = new STSClient({ maxAttempts: 1 });
(async () => {
  for await (const _ of createInterface({ input: process.stdin })) {
    console.log((await sts.send(new GetCallerIdentityCommand({}))).Arn);
  }
})();
