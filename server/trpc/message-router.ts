import type { SendResult } from '../../protocol/outputs.ts';
import { inputs } from '../../protocol/procedures.ts';
import { deleteMessage, editMessage, giveFeedback, reactToMessage } from '../domain/change-message.ts';
import { forwardMessage } from '../domain/forward-message.ts';
import { listPinned, listStarred, pinMessage, readHistory, starMessage } from '../domain/mark-message.ts';
import { listMessages, readMessageInfo, readThread } from '../domain/read-messages.ts';
import { searchMessages } from '../domain/search-messages.ts';
import { showVersion } from '../domain/show-version.ts';
import type { Procedures } from './procedure.ts';
import { sendAndTypeNoMore } from './send-and-type-no-more.ts';
import type { Services } from './services.ts';

export function createMessageRouter({ router, query, mutation }: Procedures, services: Services) {
  const { domain } = services;
  return router({
    send: mutation
      .input(inputs['message.send'])
      .mutation(({ ctx, input }): Promise<SendResult> => sendAndTypeNoMore(services, ctx.account, input)),
    list: query
      .input(inputs['message.list'])
      .query(({ ctx, input }) => listMessages(domain, ctx.account, input)),
    thread: query
      .input(inputs['message.thread'])
      .query(({ ctx, input }) => readThread(domain, ctx.account, input.messageId)),
    edit: mutation
      .input(inputs['message.edit'])
      .mutation(({ ctx, input }) => editMessage(domain, ctx.account, input)),
    delete: mutation
      .input(inputs['message.delete'])
      .mutation(({ ctx, input }) => deleteMessage(domain, ctx.account, input)),
    react: mutation
      .input(inputs['message.react'])
      .mutation(({ ctx, input }) => reactToMessage(domain, ctx.account, input)),
    feedback: mutation
      .input(inputs['message.feedback'])
      .mutation(({ ctx, input }) => giveFeedback(domain, ctx.account, input)),
    show: mutation
      .input(inputs['message.show'])
      .mutation(({ ctx, input }) => showVersion(domain, ctx.account, input)),
    info: query
      .input(inputs['message.info'])
      .query(({ ctx, input }) => readMessageInfo(domain, ctx.account, input.messageId)),
    history: query
      .input(inputs['message.history'])
      .query(({ ctx, input }) => readHistory(domain, ctx.account, input)),
    forward: mutation
      .input(inputs['message.forward'])
      .mutation(({ ctx, input }) => forwardMessage(domain, ctx.account, input)),
    pin: mutation
      .input(inputs['message.pin'])
      .mutation(({ ctx, input }) => pinMessage(domain, ctx.account, input)),
    pinned: query
      .input(inputs['message.pinned'])
      .query(({ ctx, input }) => listPinned(domain, ctx.account, input.sessionId)),
    star: mutation
      .input(inputs['message.star'])
      .mutation(({ ctx, input }) => starMessage(domain, ctx.account, input)),
    starred: query
      .input(inputs['message.starred'])
      .query(({ ctx, input }) => listStarred(domain, ctx.account, input)),
    search: query
      .input(inputs['message.search'])
      .query(({ ctx, input }) => searchMessages(domain, ctx.account, input)),
  });
}
