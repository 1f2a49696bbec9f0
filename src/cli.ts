import { Command } from 'commander';
import { createContext } from './cli/context.ts';
import { addDemoCommand } from './cli/demo-command.ts';
import { addEvalCommands } from './cli/eval-commands.ts';
import { addKnowledgeCommands } from './cli/knowledge-commands.ts';
import { addOperateCommands } from './cli/operate-commands.ts';
import { addRedactCommand } from './cli/redact-command.ts';
import { isUnderstudyError } from './errors.ts';

const context = createContext(process.env, process.stdout, process.stderr);

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
