const PATIENCE_MS = 10_000;

/**
 * A function for scripts in a page's head, which can import nothing: `askServer(url)` resolves once the server itself says
 * that it has this script, and rejects where a captive portal says so, or nobody in time.
 */
export const askServerScript = `function askServer(url){
return fetch(url,{method:'HEAD',cache:'no-store',signal:AbortSignal.timeout(${PATIENCE_MS})}).then(function(answer){
if(!/javascript/.test(answer.headers.get('content-type')))throw 0
})
}`;
