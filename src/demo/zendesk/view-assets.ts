/** Replaces what is marked `data-live` with its newer self every few seconds; forms, and what is typed in them, stay. */
export const liveScript = `setInterval(async () => {
	if (document.hidden) return;
	try {
		const response = await fetch(location.pathname);
		const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
		for (const old of document.querySelectorAll('[data-live]')) {
			const next = fresh.getElementById(old.id);
			if (next && next.innerHTML !== old.innerHTML) old.replaceWith(next);
		}
	} catch { /* the sandbox is down; the next round tries again */ }
}, 2500);
`;

export const stylesheet = `
:root { --ink: #1f2a33; --soft: #5d6b76; --line: #dfe4e8; --paper: #fff; --ground: #f4f6f7; --accent: #17494d;
	--note: #fff8d6; --note-line: #eedc82; color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
	font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
a { color: var(--accent); }
.bar { display: flex; justify-content: space-between; align-items: center; padding: 10px 20px; background: #03363d; }
.brand { color: #fff; font-weight: 650; text-decoration: none; }
.brand small { opacity: .65; font-weight: 400; }
main { max-width: 1080px; margin: 0 auto; padding: 20px; }
h1 { font-size: 1.3rem; margin: 0 0 16px; }
h2 { font-size: 1rem; margin: 0; }
.card, .list, .comment { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; }
.card { padding: 16px; }
.list { list-style: none; margin: 0; padding: 0; overflow: hidden; }
.list li + li { border-top: 1px solid var(--line); }
.row { display: grid; gap: 4px; padding: 12px 16px; color: inherit; text-decoration: none; }
.row:hover, .row:focus-visible { background: #f0f6f6; }
.row-top { font-size: 1rem; }
.subject { font-weight: 600; }
.row-last { color: var(--soft); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.row-foot { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; font-size: .82rem; color: var(--soft); }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 270px; gap: 20px; align-items: start; }
.thread { display: grid; gap: 12px; margin-bottom: 20px; }
.comment { padding: 12px 16px; }
.comment header { font-size: .85rem; margin-bottom: 6px; }
.comment time { color: var(--soft); float: right; }
.comment.agent { border-left: 4px solid var(--accent); }
.comment.customer { border-left: 4px solid #7aa7d9; }
.comment.note { background: var(--note); border-color: var(--note-line); border-left: 4px solid #d9b310; }
.text p:first-child { margin-top: 0; }
.text p:last-child { margin-bottom: 0; }
.text pre { white-space: pre-wrap; }
.text img { max-width: 100%; }
.label { color: var(--soft); font-size: .8rem; background: rgb(0 0 0 / 5%); padding: 1px 6px; border-radius: 4px; }
.status { font-size: .72rem; font-weight: 650; text-transform: uppercase; padding: 2px 7px; border-radius: 4px;
	color: #fff; background: #68737d; }
.status.new { background: #ffd424; color: #4a3b00; }
.status.open { background: #c72a1c; }
.status.pending { background: #1f73b7; }
.status.hold { background: #2f3941; }
.tags { display: inline-flex; flex-wrap: wrap; gap: 4px; }
.tag { font-size: .78rem; background: #e9ecef; border-radius: 4px; padding: 1px 7px; }
.tag.language { background: #d7ecec; color: var(--accent); font-weight: 600; }
.form { display: grid; gap: 12px; margin-bottom: 16px; }
.form p { margin: 0; }
label { display: grid; gap: 4px; font-size: .85rem; color: var(--soft); }
label.inline { display: inline-flex; align-items: center; gap: 8px; }
input, select, textarea { font: inherit; color: var(--ink); padding: 8px 10px; border: 1px solid #c5ccd1;
	border-radius: 6px; background: #fff; width: 100%; }
label.inline select { width: auto; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.button { font: inherit; font-size: .88rem; padding: 7px 13px; border-radius: 6px; border: 1px solid #c5ccd1;
	background: #fff; color: var(--ink); cursor: pointer; text-decoration: none; }
.button:hover { border-color: var(--accent); }
.button.primary { background: var(--accent); border-color: var(--accent); color: #fff; }
.bar .button.primary { border-color: #fff5; }
.button.note { background: var(--note); border-color: var(--note-line); }
dl { margin: 0; display: grid; gap: 2px; }
dt { font-size: .78rem; color: var(--soft); }
dd { margin: 0 0 8px; }
.empty { text-align: center; color: var(--soft); padding: 32px 16px; }
.error { background: #fdecea; border: 1px solid #f2b8b1; color: #8c1d12; border-radius: 8px; padding: 10px 14px; }
@media (max-width: 760px) {
	main { padding: 14px; }
	.columns { grid-template-columns: minmax(0, 1fr); }
	.comment time { float: none; display: block; }
}
`;
