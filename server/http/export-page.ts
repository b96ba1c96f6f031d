import type { ExportedAccount } from '../domain/export-account.ts';
import type { ExportedConversation } from '../domain/export-conversations.ts';

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const text = (value: string) => value.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

const style = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;
padding:0 1rem}article{margin:1rem 0;padding-top:.5rem;border-top:1px solid #8884}h1{font-size:1.4rem}
p{white-space:pre-wrap;overflow-wrap:anywhere;margin:.25rem 0}small{opacity:.75}`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(title)}</title><style>${style}</style></head><body><main><h1>${text(title)}</h1>
${body}
</main></body></html>
`;
}

/** Date and time as everybody reads them, in UTC. */
const when = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;

export interface Listed {
  title: string;
  /** Of its page, from the index. */
  href: string;
  messages: number;
}

/** The first page: who this is, what Agent Jay remembers, and a link to each conversation. */
export function indexPage(account: ExportedAccount, conversations: readonly Listed[]): string {
  const { me, memories, projects } = account;
  const list = (items: string[], none: string) =>
    items.length > 0 ? `<ul>${items.map((item) => `<li>${item}</li>`).join('\n')}</ul>` : `<p>${none}</p>`;
  return page(
    `J Star Chat: everything of ${me.name}`,
    [
      `<p><small>Exported ${when(account.exportedAt)}. Each page is also here as JSON.</small></p>`,
      `<p>${text(me.email ?? 'A guest, without an e-mail address')}</p>`,
      '<h2>Conversations</h2>',
      list(
        conversations.map(
          ({ title, href, messages }) => `<a href="${text(href)}">${text(title)}</a> (${messages} messages)`,
        ),
        'None.',
      ),
      '<h2>Projects</h2>',
      list(
        projects.map((project) => text(project.title)),
        'None.',
      ),
      '<h2>What Agent Jay remembers</h2>',
      list(
        memories.map((memory) => text(memory.content)),
        'Nothing.',
      ),
    ].join('\n'),
  );
}

export function conversationPage(conversation: ExportedConversation): string {
  const { session, names, messages, earlier, leftAt } = conversation;
  const articles = messages.map((message) => {
    const notes = [message.editedAt ? ', edited' : '', message.starredAt ? ', starred by you' : ''].join('');
    const head = `<strong>${text(names[message.userId] ?? 'Somebody')}</strong> <small>${when(message.createdAt)}${notes}</small>`;
    const body = message.deletedAt
      ? '<p><em>This message was deleted</em></p>'
      : `<p>${text(message.content)}</p>`;
    const files = message.attachments.map(
      (file) => `<p><small>Attachment: ${text(file.name)} (${file.bytes} bytes)</small></p>`,
    );
    const before = (earlier[message.id] ?? []).map(
      (one) => `<p><small>Until ${when(one.until)}: ${text(one.content)}</small></p>`,
    );
    return `<article id="${message.id}">${head}${body}${files.join('')}${before.join('')}</article>`;
  });
  const end = leftAt ? [`<p><small>You left this conversation on ${when(leftAt)}.</small></p>`] : [];
  return page(session.title, [...articles, ...end].join('\n'));
}
