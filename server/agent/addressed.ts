/** True when a text speaks to Agent Jay by name: "@jay", "@agent jay", "@agentjay", "@ai-agent". */
export function mentionsAgent(text: string): boolean {
  return /(^|[^\p{L}\p{N}._%+-])@(jay|agent[ _-]?jay|ai-agent)(?![\p{L}\p{N}_@-])/iu.test(text);
}
