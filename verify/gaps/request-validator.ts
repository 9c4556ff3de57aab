import type { Gap } from '../gap.ts';

export const requestValidator: Gap = {
  scenarios: ['direct'],
  reason: "a method's request validator and model are ignored: a body that API Gateway refuses is accepted",
  reproduce: async (app) => {
    const { status } = await app.fetch('/v1/feedback', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    return status === 202 ? 'a body without its required property: 202' : undefined;
  },
};
