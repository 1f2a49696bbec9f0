import { Command } from 'commander';
import type { Environment } from '../config.ts';
import { isUnderstudyError } from '../errors.ts';
import { createContext } from './context.ts';
import { addDemoCommand } from './demo-command.ts';
import { addEvalCommands } from './eval-commands.ts';
import { addKnowledgeCommands } from './knowledge-commands.ts';
import { addOperateCommands } from './operate-commands.ts';
import { addRedactCommand } from './redact-command.ts';

/** The `understudy` command: reads the arguments, does what they ask, and sets the exit code. */
export async function runProgram(env: Environment): Promise<void> {
	const context = createContext(env, process.stdout, process.stderr);

	const program = new Command('understudy')
		.description('A self-hosted AI support agent for the helpdesk you already have.')
		.helpCommand(false)
		.showHelpAfterError('(add --help for what it takes)');

	// In the order in which --help lists them.
	addDemoCommand(program, context);
	addOperateCommands(program, context);
	addKnowledgeCommands(program, context);
	addEvalCommands(program, context);
	addRedactCommand(program, context);

	try {
		await program.parseAsync();
	} catch (error) {
		if (!isUnderstudyError(error)) throw error;
		context.output.note(error.message);
		process.exitCode = 1;
	}
}
