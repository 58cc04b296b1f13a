/** The one style sheet of all pages: no fonts or pictures from anywhere, readable on a phone at night. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1a2029;--soft:#5b6675;--line:#dde2e8;--code:#eef1f4;--link:#0b5cad;
--ok:#1a7f45;--warn:#9a6200;--bad:#c22f2f;--idle:#5b6675;--okbg:#e5f4ea;--warnbg:#fbf0da;--badbg:#fbe7e7;--idlebg:#eceff2}
@media (prefers-color-scheme:dark){:root{--page:#12161b;--card:#1a2027;--ink:#e4e9ef;--soft:#98a4b3;--line:#2d3640;--code:#232b34;--link:#7fb8f5;
--ok:#62c98a;--warn:#e5b252;--bad:#f28b8b;--idle:#98a4b3;--okbg:#17301f;--warnbg:#352a12;--badbg:#3b1d1f;--idlebg:#262e37}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:60rem;margin:0 auto;padding:0 1rem}
header{padding-top:.75rem;display:flex;gap:1rem;align-items:baseline}
header a{color:var(--ink);font-weight:650;text-decoration:none}
header nav{margin-left:auto;display:flex;gap:1rem;font-size:.9rem}
header nav a{font-weight:400;color:var(--soft)}
footer{padding-bottom:2rem;color:var(--soft);font-size:.85rem}
a{color:var(--link)}
h1{font-size:1.5rem;line-height:1.25;margin:.75rem 0 .25rem}
h2{font-size:1.05rem;margin:0 0 .5rem}
h3{font-size:.95rem;margin:.9rem 0 .25rem}
p{margin:.35rem 0}
ul,ol{margin:.35rem 0;padding-left:1.4rem}
section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.85rem 1rem;margin:.8rem 0}
code,pre{font:.875em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--code);border-radius:.3rem}
code{padding:.08em .3em}
pre{padding:.55rem .7rem;margin:.4rem 0;white-space:pre-wrap;user-select:all}
pre.preview{user-select:auto;color:var(--soft)}
.soft{color:var(--soft);font-size:.9rem}
.chip{display:inline-block;border-radius:1rem;padding:.02rem .6rem;font-size:.85rem;font-weight:600;white-space:nowrap}
.chip::before{content:"";display:inline-block;width:.55em;height:.55em;border-radius:50%;background:currentColor;margin-right:.45em}
.ok{color:var(--ok);background:var(--okbg)}.warn{color:var(--warn);background:var(--warnbg)}
.bad{color:var(--bad);background:var(--badbg)}.idle{color:var(--idle);background:var(--idlebg)}
.call{border-color:var(--warn);border-width:2px}
.alarm{border-color:var(--bad);border-width:2px}
.rows{list-style:none;margin:0;padding:0}
.rows>li{padding:.5rem 0;border-top:1px solid var(--line)}
.rows>li:first-child{border-top:0}
.row{display:flex;flex-wrap:wrap;gap:.2rem .7rem;align-items:baseline}
.row>.grow{flex:1 1 12rem}
.steps>li{padding-left:2rem;position:relative}
.steps>li::before{content:attr(data-mark);position:absolute;left:.25rem;width:1.4rem;font-weight:700}
.steps .done::before{color:var(--ok)}.steps .failed::before{color:var(--bad)}.steps .running::before{color:var(--warn)}
.steps>.in1{margin-left:1.5rem}.steps>.in2{margin-left:3rem}.steps>.in3{margin-left:4.5rem}.steps>.in4{margin-left:6rem}
.banner{padding:.5rem .8rem;border-radius:.5rem;font-weight:600}
.commands{grid-template-columns:minmax(9rem,14rem) 1fr;align-items:center}.commands pre{margin:.15rem 0}
.steps .planned::before{color:var(--idle)}
.steps .pending,.steps .skipped{color:var(--soft)}
.rows>.now{background:var(--warnbg);border-radius:.4rem;padding-right:.5rem}.rows:not(.steps)>.now{padding-left:.5rem}
.entry{display:grid;grid-template-columns:7rem 1fr;gap:.1rem .7rem}
.entry p{margin:0}.entry b+p{display:inline}
dl{display:grid;grid-template-columns:minmax(6.5rem,auto) 1fr;gap:.25rem .9rem;margin:.4rem 0}
section>dl:first-child{margin:0}
dt{color:var(--soft)}dd{margin:0}dd ul{margin:0}
details summary{cursor:pointer;color:var(--soft)}
#lost{position:sticky;top:0;margin:0;padding:.5rem 1rem;background:var(--bad);color:var(--page);text-align:center}
[hidden]{display:none}
@media (max-width:34rem){.entry{grid-template-columns:1fr}body{font-size:15px}dl,.commands{grid-template-columns:1fr;gap:0}.steps>.in1,.steps>.in2,.steps>.in3,.steps>.in4{margin-left:1rem}dd{margin-bottom:.4rem}}
`;
