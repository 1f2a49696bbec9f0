import { type Command, InvalidArgumentError, Option } from 'commander';
import { openPolicy } from '../assemble.ts';
import { type AuditVerdict, verifyAudit } from '../audit/verify-audit.ts';
import {
	forgetPerson,
	listDeadLetters,
	parseAnchor,
	retryDeadLetters,
	tellAudit,
	tellMigrations,
} from '../commands/operate.ts';
import { retain } from '../commands/retain.ts';
import { createRetention } from '../retention/retention.ts';
import { type Context, exit, json, withDeadLetters, withEngines } from './context.ts';

/** Adds `migrate`, `audit`, `forget`, `retain` and `deadletters`: what whoever runs it needs. */
export function addOperateCommands(program: Command, context: Context): void {
	const { output } = context;
	program
		.command('migrate')
		.description('bring the database up to date; every start does it as well')
		.addOption(json())
		.action(async options =>
			exit(await withEngines(context, async ({ migrated }) => tellMigrations(migrated, options, output))),
		);

	program
		.command('audit')
		.description('the trail of what was decided and done')
		.command('verify')
		.description('is it whole? names every entry that was changed, removed, moved or slipped in')
		.addOption(new Option('--anchor <tenant:number:hash>', 'a seal noted before').argParser(anchors).default([]))
		.addOption(json())
		.action(async options =>
			exit(
				await withEngines(context, async ({ database }) =>
					tellAudit(await verifyAudit(database.forTenant(context.tenantId), options.anchor), options, output),
				),
			),
		);

	program
		.command('forget')
		.description('erase a person: their conversations, what was learnt from them, their address wherever it is named')
		.requiredOption('--email <address>', 'whom')
		.option('--dry-run', 'only count', false)
		.addOption(json())
		.action(async options =>
			exit(
				await withEngines(context, async ({ database, queue }) => {
					const { tenantId } = context;
					const deps = { query: database.forTenant(tenantId), queue, tenantId };
					return forgetPerson(options, { deps, output });
				}),
			),
		);

	program
		.command('retain')
		.description('delete now what has been kept for its period; a running worker does it every hour')
		.option('--dry-run', 'only count', false)
		.addOption(json())
		.action(async options => {
			const periods = openPolicy(context.settings()).retention;
			exit(
				await withEngines(context, async ({ database, queue }) => {
					const { tenantId } = context;
					const retention = createRetention({ query: database.forTenant(tenantId), queue, tenantId, periods });
					return retain(options, { retention, periods, output });
				}),
			);
		});

	const deadletters = program.command('deadletters').description('work that keeps failing for a reason of its own');
	deadletters
		.command('list')
		.description('what was given up, and why')
		.addOption(json())
		.action(async options => exit(await withDeadLetters(context, deps => listDeadLetters(options, deps))));
	deadletters
		.command('retry')
		.description('take it up again')
		.argument('[id]', 'as the list shows it')
		.option('--all', 'everything that was given up', false)
		.addOption(json())
		.action(async (id, options) => exit(await withDeadLetters(context, deps => retryDeadLetters(id, options, deps))));
}

const anchors = (value: string, before: AuditVerdict['heads']): AuditVerdict['heads'] => {
	const anchor = parseAnchor(value);
	if (!anchor) throw new InvalidArgumentError('As `audit verify` prints it: tenant:number:hash.');
	return [...before, anchor];
};
