/** The one style sheet of the report. Its hash is what the content security policy allows; there is no other style. */
export const STYLE = `
:root{color-scheme:light dark;--text:#1f2328;--muted:#59636e;--page:#fff;--box:#f6f8fa;--line:#d1d9e0;--grid:#e4e8ec;
--blue:#0969da;--orange:#bc4c00;--red:#cf222e;--green:#1a7f37;--amber:#9a6700;--shade:#d29922;--bar:#fae17d;--bar-text:#4d2d00;--quiet:#8fa3b8}
@media (prefers-color-scheme:dark){:root{--text:#e6edf3;--muted:#9aa4af;--page:#14181d;--box:#1c2128;--line:#3d444d;--grid:#2a3038;
--blue:#59a4f9;--orange:#f0883e;--red:#f4655c;--green:#56c271;--amber:#d9a92f;--shade:#bb8009;--bar:#5a4310;--bar-text:#f8e3a1;--quiet:#5d7288}}
*{box-sizing:border-box}
body{margin:0;color:var(--text);background:var(--page);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main,header,footer{max-width:980px;margin:0 auto;padding:0 24px}
header{padding-top:32px}
footer{padding-top:24px;padding-bottom:40px;color:var(--muted);font-size:13px}
h1{margin:0;font-size:26px;line-height:1.25}
h2{margin:0 0 4px;font-size:20px;line-height:1.3;overflow-wrap:anywhere}
h3{margin:26px 0 6px;font-size:15px}
p{margin:4px 0}
a{color:var(--blue)}
.muted{color:var(--muted)}
section{margin-top:36px;padding-top:28px;border-top:1px solid var(--line)}
.badge{display:inline-block;margin-right:8px;padding:1px 9px;border:1px solid;border-radius:12px;font-size:13px;font-weight:600;line-height:20px;vertical-align:3px;white-space:nowrap}
.badge.small{margin:0;vertical-align:0;font-size:12px}
.good{color:var(--green)}.bad{color:var(--red)}.doubt{color:var(--amber)}
.note{margin:12px 0;padding:8px 14px;background:var(--box);border-left:4px solid var(--line);border-radius:3px;overflow-wrap:anywhere}
.note.bad{border-color:var(--red)}.note.doubt{border-color:var(--amber)}
.note.bad,.note.doubt{color:inherit}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{margin:6px 0;padding:9px 14px;background:var(--box);border-radius:5px;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all}
th code{white-space:nowrap}
.wide{position:relative;overflow-x:auto}
.wide:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
table{width:100%;border-collapse:collapse;font-size:14px}
caption{text-align:left;color:var(--muted);padding:4px 0}
.silent{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{padding:5px 20px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--grid);overflow-wrap:break-word}
th{color:var(--muted);font-weight:600;font-size:13px;white-space:nowrap}
tbody th{color:inherit;font-weight:400;font-size:14px;white-space:normal}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.end{white-space:nowrap}
details{margin:10px 0}
summary{cursor:pointer;color:var(--blue);width:fit-content}
figure{margin:18px 0 0}
figcaption{font-weight:600;font-size:15px}
.key{margin-left:14px;color:var(--muted);font-weight:400;font-size:13px;white-space:nowrap}
.swatch{width:18px;height:10px;margin-right:5px}
.chart{display:block;width:100%;min-width:620px;height:auto}
.chart text{fill:var(--muted);font-size:12px}
.chart .end{text-anchor:end}.chart .middle{text-anchor:middle}
.chart .fault{fill:var(--bar-text);font-size:11px}.chart .fault.end{fill:var(--muted)}
.grid{stroke:var(--grid);stroke-width:1}
.mark{stroke:var(--line);stroke-width:1;stroke-dasharray:3 3}
.shade{fill:var(--shade);fill-opacity:.13}
.bar{fill:var(--bar)}
.p50,.p95{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.p50{stroke:var(--blue)}
.p95{stroke:var(--orange);stroke-dasharray:6 4}
.dot{stroke-width:5}
rect.answered,rect.failed{shape-rendering:crispEdges}rect.answered{fill:var(--quiet)}rect.failed{fill:var(--red)}
path.answered,path.failed{stroke-width:8}path.answered{stroke:var(--quiet)}path.failed{stroke:var(--red)}
.hint{fill:transparent}
.hint:hover{fill:var(--text);fill-opacity:.08}
th:last-child,td:last-child{padding-right:0}
@media (max-width:600px){th,td{padding-right:12px}main,header,footer{padding-left:14px;padding-right:14px}h1{font-size:22px}h2{font-size:18px}}
@media print{section{break-inside:avoid-page}.wide{overflow:visible}.chart{min-width:0}}
@media (forced-colors:active){.shade,.bar{forced-color-adjust:none}}
`;
