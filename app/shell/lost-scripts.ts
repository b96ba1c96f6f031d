import { askServerScript } from './ask-server-script.ts';

/**
 * Runs in the page's head, for pages that no service worker keeps, as on a first visit: when a script of the page got
 * lost on its way, nothing on it would ever answer. It is loaded anew once its scripts can be had; each time later than
 * the time before, should that not help. A style that got lost is asked for again where it stands.
 */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const TIMES = 'j-star-chat:lost-scripts';

export const lostScriptsScript = `(function(){
var worker=navigator.serviceWorker;
if(worker&&worker.controller)return;
var lost=false;
${askServerScript}
function look(part,wait){
setTimeout(function(){
askServer(part).then(function(){location.reload()},function(){look(part,wait)})
},wait)
}
function again(){
var part=document.querySelector('link[rel=modulepreload]');
if(lost||!part||document.documentElement.dataset.started)return;
lost=true;
var times=0;
try{times=Number(sessionStorage.getItem('${TIMES}'));sessionStorage.setItem('${TIMES}',times+1)}catch(e){}
look(part.href,Math.min(${FIRST_WAIT_MS}*Math.pow(2,times),${LONGEST_WAIT_MS}))
}
function style(link){setTimeout(function(){link.href=link.href},2*${FIRST_WAIT_MS})}
addEventListener('error',function(event){
var from=event.target||{};
if(from.tagName==='SCRIPT')again();
if(from.tagName==='LINK'&&from.rel==='stylesheet')style(from)
},true);
addEventListener('unhandledrejection',function(event){if(/import/i.test(event.reason&&event.reason.message))again()});
})()`;

/** The page has all that it needs to begin. */
export function scriptsArrived(): void {
  try {
    sessionStorage.removeItem(TIMES);
  } catch {
    // Nothing is kept in this window.
  }
}
