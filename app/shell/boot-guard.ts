import { askServerScript } from './ask-server-script.ts';
import { scriptsArrived } from './lost-scripts.ts';

/**
 * Runs in the page's head, before anything that could be broken: when a page that came from the service worker has not
 * begun to work after a while, the worker and its files go, and the page is fetched anew: once the server itself answers,
 * for without it they are all there is, whatever the browser says of the network. What people wrote is in IndexedDB and
 * stays. Once a tab at most, so that a page that is broken on the server too does not reload for ever.
 */
const GUARD_MS = 15_000;
const TRIED = 'j-star-chat:recovered';

export const bootGuardScript = `(function(){
var worker=navigator.serviceWorker;
if(!worker||!worker.controller)return;
var over=false;
${askServerScript}
function recover(){
if(over||document.documentElement.dataset.started)return;
over=true;
askServer('/sw.js').then(begin,function(){
over=false;
setTimeout(recover,${GUARD_MS})
})
}
function begin(){
if(document.documentElement.dataset.started)return;
try{if(sessionStorage.getItem('${TRIED}'))return;sessionStorage.setItem('${TRIED}','1')}catch(e){return}
worker.getRegistrations().then(function(all){return Promise.all(all.map(function(one){return one.unregister()}))})
.then(function(){return caches.keys()})
.then(function(names){return Promise.all(names.map(function(name){return caches.delete(name)}))})
.then(function(){location.reload()});
}
addEventListener('error',function(event){var from=event.target;if(from&&from.tagName==='SCRIPT'||/SyntaxError/.test(event.message||''))recover()},true);
setTimeout(recover,${GUARD_MS});
})()`;

/** The page works: called once its first screen stands. */
export function pageStarted(): void {
  document.documentElement.dataset.started = '1';
  scriptsArrived();
  try {
    sessionStorage.removeItem(TRIED);
  } catch {
    // Nothing is kept in this window, nor was anything tried.
  }
}
