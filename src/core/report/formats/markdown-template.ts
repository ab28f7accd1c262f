// The layout of the Markdown report, as a Handlebars template over finished texts.

export const MARKDOWN_TEMPLATE = `# {{title}}

{{#if notices}}
> **Read this first**
>
{{#each notices}}
> - {{this}}
{{/each}}

{{/if}}
{{about}}

{{#each opening}}
## {{title}}

{{#if note}}
{{note}}

{{/if}}
{{table}}

{{/each}}
*Reading a figure:* \`97.9% [89–100] n=48\` is the rate, its 95 % interval and the number of tasks it rests on; epochs of a
task are repeats of it, not tasks of their own. \`–\`: nothing to measure. *pass@1*: the candidate's first attempt passed every
test, held-out ones too. *pass in slot*: any of its own attempts did. *after escalation*: the trial's last attempt did,
whoever made it.

{{#each detail}}
## {{title}}

{{#if note}}
{{note}}

{{/if}}
{{table}}

{{#each lists}}
{{#if folded}}
<details>
<summary>{{summary}}</summary>

{{else}}
{{summary}}

{{/if}}
{{#each items}}
- {{this}}
{{/each}}

{{#if folded}}
</details>

{{/if}}
{{/each}}
{{/each}}
## {{timings.title}}

{{timings.note}}

{{timings.table}}

\`?\`: too few samples for this bound of the interval.

## What was run

{{identity}}

## Trials

<details>
<summary>{{trialCount}}</summary>

{{trials}}

</details>
`;
