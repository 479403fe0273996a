/**
 * The last line of .ci/run: `node scripts/ci-summary.mjs REPORTS SECONDS BROKEN…` adds up vitest's JSON reports. A step that broke
 * without a failed test in a report of its name counts as one failure. Plain JavaScript, for it must run when the rest is broken.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const [folder, seconds, ...broken] = process.argv.slice(2);
const reports = listed(folder).map((file) => [
  file.replace(".json", ""),
  JSON.parse(readFileSync(join(folder, file), "utf8")),
]);
const failedIn = new Map(reports.map(([name, report]) => [name, report.numFailedTests]));
const sum = (key) => reports.reduce((total, [, report]) => total + report[key], 0);

for (const [name, report] of reports) {
  console.log(
    `${name}: ${report.numPassedTests} passed, ${report.numFailedTests} failed, ${report.numPendingTests} skipped`,
  );
}
for (const [name, report] of reports) for (const line of failures(report)) console.log(`FAILED in ${name}: ${line}`);
const withoutTest = broken.filter((name) => !failedIn.get(name));
if (broken.length) console.log(`Broken: ${broken.join(", ")}`);
console.log(`${seconds} s in all`);
const failed = sum("numFailedTests") + withoutTest.length;
console.log(`${sum("numPassedTests")} passed, ${failed} failed`);
process.exitCode = failed === 0 && sum("numPassedTests") > 0 ? 0 : 1;

/** The failed tests of a report with the first line of their message, for a log of which only the end is kept. */
function failures({ testResults }) {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === "failed");
    if (!failed.length && message) return [`${relative(process.cwd(), name)}: ${message.split("\n")[0]}`];
    return failed.map(
      ({ fullName, failureMessages }) =>
        `${relative(process.cwd(), name)}: ${fullName}: ${failureMessages.join(" ").split("\n").slice(0, 3).join(" ")}`,
    );
  });
}

function listed(path) {
  try {
    return readdirSync(path).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}
