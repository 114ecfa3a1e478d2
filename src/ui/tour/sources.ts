import type { Source } from './stop';

const arxiv = (name: string, number: string): Source => ({
  name,
  address: `https://arxiv.org/abs/${number}`,
});

/** What the tour's stops rest on. */
export const SOURCES = {
  goodfellow: {
    name: 'Goodfellow, Bengio & Courville 2016, §8.7.1',
    address: 'https://www.deeplearningbook.org/contents/optimization.html',
  },
  ioffe: arxiv('Ioffe & Szegedy 2015', '1502.03167'),
  he: arxiv('He et al. 2015', '1502.01852'),
  laarhoven: arxiv('van Laarhoven 2017', '1706.05350'),
  arora: arxiv('Arora, Li & Lyu 2018', '1812.03981'),
  bjorck: arxiv('Bjorck et al. 2018', '1806.02375'),
  santurkar: arxiv('Santurkar et al. 2018', '1805.11604'),
  yang: arxiv('Yang et al. 2019', '1902.08129'),
  cohen: arxiv('Cohen et al. 2021', '2103.00065'),
} as const satisfies Readonly<Record<string, Source>>;
