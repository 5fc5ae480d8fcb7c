/** The colours and measures of the extension, in one sheet, because the page may load nothing. Its hash stands in the page's CSP. */
export const VERIFY_STYLE = `
:root{color-scheme:light dark;--canvas:#f3f6f6;--surface:#fff;--sunken:#eaeff0;--line:#dbe3e4;--text:#152023;--text-2:#475559;--text-3:#5a686c;--accent:#0b666c;--accent-hover:#08535a;--on-accent:#fff;--sent:#17713b;--fail:#ad231b}
@media (prefers-color-scheme:dark){:root{--canvas:#0e1416;--surface:#151c1f;--sunken:#0a0f11;--line:#29343a;--text:#e6eeef;--text-2:#b0bdc1;--text-3:#93a1a6;--accent:#62c9c6;--accent-hover:#82d8d5;--on-accent:#04211f;--sent:#76d196;--fail:#ffa198}}
*{box-sizing:border-box;margin:0}
body{min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--canvas);color:var(--text);font:400 1rem/1.5rem system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
main{width:100%;max-width:27rem;padding:2rem;background:var(--surface);border:1px solid var(--line);border-radius:12px;display:grid;gap:1rem}
header{display:flex;align-items:center;gap:.75rem;font-weight:600;color:var(--text-2)}
.mark{width:2rem;height:2rem;flex:none}
h1{font-size:1.75rem;line-height:2.25rem;font-weight:650;text-wrap:balance}
.good h1{color:var(--sent)}
.bad h1{color:var(--fail)}
p{color:var(--text-2);overflow-wrap:anywhere}
strong{color:var(--text);font-weight:600}
.small{font-size:.8125rem;line-height:1.25rem;color:var(--text-3)}
dl{display:grid;gap:.75rem;padding:1rem;background:var(--sunken);border-radius:8px}
dt{font-size:.75rem;line-height:1rem;color:var(--text-3)}
dd{margin:0;font:400 .8125rem/1.25rem ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
button{width:100%;min-height:2.75rem;padding:0 1.25rem;border:0;border-radius:8px;background:var(--accent);color:var(--on-accent);font-family:inherit;font-size:1rem;font-weight:600;cursor:pointer;transition:background .12s cubic-bezier(.2,0,0,1)}
button:hover{background:var(--accent-hover)}
button:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
@media (prefers-reduced-motion:reduce){button{transition:none}}
@media (forced-colors:active){button{border:1px solid ButtonText}}
@media (max-width:24rem){body{padding:0;place-items:stretch}main{border:0;border-radius:0;align-content:start}}
`
