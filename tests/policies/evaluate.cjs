// Answers for the test `agreement`: reads cases as JSON from standard input, one a line, and writes for each whether
// every request in it is allowed. A case has policies, perhaps a boundary, and requests.
const { runUnsafeSimulation } = require("@cloud-copilot/iam-simulate");

const account = "123456789012";
const named = (policies) => policies.map((policy, index) => ({ name: `policy ${index}`, policy }));

for (const line of require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const { policies, boundary, requests } = JSON.parse(line);
  const answers = requests.map(({ action, resource, context }) => {
    const result = runUnsafeSimulation({
      request: {
        principal: `arn:aws:iam::${account}:user/ada`,
        action,
        resource: { resource, accountId: account },
        contextVariables: context,
      },
      identityPolicies: named(policies),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      permissionBoundaryPolicies: boundary ? named([boundary]) : undefined,
    });
    return result === "Allowed";
  });
  process.stdout.write(`${JSON.stringify(answers)}\n`);
}
