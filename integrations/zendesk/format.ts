/** The longest comment Zendesk takes is about 65,000 characters; what is cut says so. */
const mostChars = 60_000;

/** Our Markdown as a comment's `body`: Zendesk renders Markdown itself, and counts characters. */
export function commentBody(markdown: string): string {
	return markdown.length <= mostChars ? markdown : `${markdown.slice(0, mostChars)}…`;
}
