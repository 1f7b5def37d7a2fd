// Adds up the JSON reports of the test runs and prints the closing line. Fails when a test failed or was skipped,
// when a report is missing a test at all, or when a step before it failed.
import { readFileSync } from 'node:fs';

const [stepFailed, ...reports] = process.argv.slice(2);
const totals = { passed: 0, failed: Number(stepFailed), skipped: 0 };
for (const path of reports) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  totals.passed += report.numPassedTests;
  totals.failed += report.numFailedTests + (report.numTotalTests === 0 ? 1 : 0);
  // A file that could not be loaded has no failed test of its own.
  if (!report.success && report.numFailedTests === 0) totals.failed += 1;
  totals.skipped += report.numPendingTests + report.numTodoTests;
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'pending' || test.status === 'skipped') console.log(`skipped: ${test.fullName}`);
    }
  }
}
if (totals.skipped > 0) console.log(`${totals.skipped} tests were skipped`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 && totals.skipped === 0 && totals.passed > 0 ? 0 : 1;
