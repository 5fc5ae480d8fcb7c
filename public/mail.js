// Shows one sanitised email, sent by the page around it. This page has an origin of its own and may reach nothing of the extension; the
// frame it makes may not even run scripts, and loads what its policy says: inline style and data: images, with `images` also https: ones.
addEventListener('message', ({ source, data }) => {
  if (source !== parent || typeof data?.html !== 'string') return
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:${data.images === true ? ' https:' : ''}`
  const frame = document.createElement('iframe')
  frame.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox')
  frame.referrerPolicy = 'no-referrer'
  frame.title = document.title
  frame.srcdoc = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<style>body{margin:12px;font:14px/20px system-ui,sans-serif;color:#152023;background:#fff;overflow-wrap:anywhere}img{max-width:100%;height:auto}</style>
${data.html}`
  document.body.replaceChildren(frame)
})
parent.postMessage({ ready: true }, '*')
