// html-to-text 10 ships no types; this is the part used here.
declare module 'html-to-text' {
	export interface HtmlToTextOptions {
		wordwrap?: number | false;
		limits?: { maxInputLength?: number; maxDepth?: number };
		selectors?: { selector: string; format?: string; options?: Record<string, unknown> }[];
	}
	export function convert(html: string, options?: HtmlToTextOptions): string;
}
