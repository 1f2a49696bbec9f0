/** The part of html-to-text that is used here; the package ships no types. */
declare module 'html-to-text' {
	interface Element {
		name?: string;
		type?: string;
		data?: string;
		attribs?: Record<string, string>;
		children?: Element[];
	}
	interface Builder {
		addInline(text: string, options?: { noWordTransform?: boolean }): void;
		addLiteral(text: string): void;
		addLineBreak(): void;
		openBlock(options?: { leadingLineBreaks?: number; reservedLineLength?: number; isPre?: boolean }): void;
		closeBlock(options?: { trailingLineBreaks?: number; blockTransform?: (text: string) => string }): void;
	}
	type Walk = (children: Element[] | undefined, builder: Builder) => void;
	interface Selector {
		selector: string;
		format?: string;
		options?: Record<string, unknown>;
	}
	interface Options {
		wordwrap?: number | false | null;
		baseElements?: { selectors: string[]; returnDomByDefault?: boolean };
		encodeCharacters?: Record<string, string>;
		formatters?: Record<
			string,
			(element: Element, walk: Walk, builder: Builder, options: Record<string, unknown>) => void
		>;
		limits?: { maxInputLength?: number; maxDepth?: number };
		selectors?: Selector[];
	}
	export function compile(options?: Options): (html: string) => string;
	export function convert(html: string, options?: Options): string;
}
