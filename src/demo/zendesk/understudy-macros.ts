/** A macro with nothing but a tag to add: how an agent answers a draft without installing anything. */
interface TagMacro {
	title: string;
	actions: { field: string; value: string }[];
}

/** The macros an agent reviews drafts with; a seed, as the sandbox itself knows no macro by name. */
export const understudyMacros: TagMacro[] = [
	tagMacro('Send AI draft', 'understudy_send'),
	tagMacro('Reject AI draft: wrong facts', 'understudy_reject_wrong_facts'),
	tagMacro('Reject AI draft: wrong tone', 'understudy_reject_wrong_tone'),
	tagMacro('Reject AI draft: wrong language', 'understudy_reject_wrong_language'),
	tagMacro('Reject AI draft: missing knowledge', 'understudy_reject_missing_knowledge'),
	tagMacro('Reject AI draft: should not answer', 'understudy_reject_should_not_answer'),
	tagMacro('Hand back to the assistant', 'understudy_hand_back'),
];

function tagMacro(title: string, tag: string): TagMacro {
	return { title, actions: [{ field: 'current_tags', value: tag }] };
}
