import { describe, expect, it } from 'vitest';
import { matchDraft } from '../../src/reviews/draft-match.ts';

const draft =
	'Hello Ana,\n\n> Standard delivery takes 3 to 5 working days.\n\nSource: [Delivery](https://help.example/d)';

describe('an agent’s reply', () => {
	it('that is the draft as the composer shows it is the draft as it is', () => {
		const shown = 'Hello Ana,\n\nStandard delivery takes 3 to 5 working days.\n\nSource: Delivery';
		expect(matchDraft(draft, shown)).toMatchObject({ kind: 'as_is', similarity: 1 });
	});

	it('with words changed is an edit, and the difference is told', () => {
		const match = matchDraft(draft, draft.replace('3 to 5 working', '2 to 4'));
		expect(match).toMatchObject({ kind: 'edited', added: ['2', '4'] });
		expect(match.removed.join(' ')).toContain('working');
	});

	it('of their own is neither', () => {
		expect(matchDraft(draft, 'I just called you about the pallet, all solved!').kind).toBe('replaced');
	});
});
