/** Lints, tests and plans each change. What others name (branches, numbers) reaches the scripts as variables only. */
export const WORKFLOW = `# Lints and tests the rules, shows findings beside the lines, and tells in a comment what a change asks of the quota.
name: rules
on:
  pull_request:
  push:
    branches: [main]

permissions: {}

jobs:
  rules:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      security-events: write # uploads findings
      pull-requests: write # comments with the plan
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # the plan looks at the branch that is merged into
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: npm install --ignore-scripts --no-audit --no-fund
      - name: Lint
        run: npx --no-install huntwire lint --format github
      - name: Test
        run: npx --no-install huntwire test
      - name: Findings for code scanning
        if: always()
        run: npx --no-install huntwire lint --format sarif > huntwire.sarif || test $? -eq 1
      - uses: github/codeql-action/upload-sarif@v3
        if: always()
        with:
          sarif_file: huntwire.sarif
      - name: Plan
        if: github.event_name == 'pull_request'
        run: npx --no-install huntwire plan --compare "origin/$GITHUB_BASE_REF" > plan.txt
      - name: Comment with the plan
        if: always() && github.event_name == 'pull_request'
        continue-on-error: true # from a fork nobody may write
        env:
          GH_TOKEN: \${{ github.token }}
          NUMBER: \${{ github.event.number }}
        run: |
          sed 's/^/    /' plan.txt > comment.md
          gh pr comment "$NUMBER" --edit-last --body-file comment.md || gh pr comment "$NUMBER" --body-file comment.md
`;
