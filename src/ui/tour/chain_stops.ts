import { html } from 'lit';
import { BOUNDED_SLOPE, CANCELS, SETTLES } from './chain_claims';
import { PLAIN_SLOPE } from './map_claims';
import { SOURCES } from './sources';
import { stop } from './stop';

/** Goodfellow's chain, without batch norm and with it, and the two layers of the question. */
export const CHAIN_STOPS = [
  stop({
    title: 'Explosion in the chain',
    tab: 'map',
    link: '#map?preset=chain&model.initialization.gain=2&axes.x.from=0.00001&axes.y.from=1&axes.y.to=4',
    text: html`In ŷ = abcde·x a step in a is scaled by bcde, and the curvature by its square. Let all five
      weights begin at c: twice the c is 2<sup>8</sup> = 256 times the curvature, and a learning rate 256
      times smaller is the largest that does not make them grow. No activation is needed for that.`,
    formula: html`<math display="block">
      <mfrac
        ><mrow><mo>∂</mo><mi>J</mi></mrow
        ><mrow><mo>∂</mo><mi>a</mi></mrow></mfrac
      ><mo>=</mo><mo>(</mo><mi>ŷ</mi><mo>−</mo><mi>y</mi><mo>)</mo><mi>b</mi><mi>c</mi><mi>d</mi><mi>e</mi
      ><mi>x</mi><mo>,</mo><mspace width="1em"></mspace><mi>η</mi><mo>&lt;</mo
      ><mfrac
        ><mn>2</mn
        ><mrow
          ><mi>s</mi><msup><mi>c</mi><mn>8</mn></msup></mrow
        ></mfrac
      >
    </math>`,
    act: 'Point at the left map: to the right the learning rate grows, upwards the weights that training starts from.',
    see: 'The edge of divergence falls along a straight line, eight powers of ten for each power of ten of the weights. On the right, with batch norm, it stays near where it was.',
    claims: [PLAIN_SLOPE],
    sources: [SOURCES.goodfellow],
  }),
  stop({
    title: 'Batch norm in the chain',
    tab: 'chain',
    link: '#chain?view.chain.rate=0.7&view.chain.scale=4',
    text: html`Batch norm divides what a unit makes by its own σ. In the chain σ is |w| times the σ before it,
    so whatever w is multiplied by is divided out again, forward and on the way back: the factor w becomes
    w·γ/σ. No scale of the hidden weights is left in the gradient, and the largest stable rate is 1 at every
    depth, where it was 2/d.`,
    formula: html`<math display="block">
      <mfrac
        ><mrow><mo>∂</mo><mi>ẑ</mi></mrow
        ><mrow><mo>∂</mo><mi>x</mi></mrow></mfrac
      ><mo>=</mo><mfrac><mi>γ</mi><mi>σ</mi></mfrac
      ><mi>w</mi><mo>,</mo><mspace width="1em"></mspace><mi>σ</mi><mo>~</mo><mo>|</mo><mi>w</mi><mo>|</mo>
    </math>`,
    act: 'Move “by a”, which multiplies w₂; then press Play, and try other learning rates η.',
    see: 'With batch norm two bars move against each other and their product stays. At η = 0.7 only that chain settles.',
    claims: [CANCELS, SETTLES],
    sources: [SOURCES.ioffe, SOURCES.goodfellow],
  }),
  stop({
    title: 'The puzzle of two layers',
    tab: 'chain',
    link: '#chain?view.chain.net=network&view.chain.weights=2,2&view.chain.rate=0.5&view.chain.scale=4',
    text: html`φ′ of ReLU is 0 or 1 and that of a sigmoid at most ¼, so how can anything explode? It is not φ′
    that does. The weights w₂ stand in the same product without any bound, and the signals a that reach a
    layer scale its gradient once more. Batch norm acts on just these: it takes the scale out of w₂, and
    centres z, so that about half of the units are on.`,
    formula: html`<math display="block">
      <mfrac
        ><mrow><mo>∂</mo><mi>J</mi></mrow
        ><mrow
          ><mo>∂</mo><msub><mi>w</mi><mn>1</mn></msub></mrow
        ></mfrac
      ><mo>=</mo
      ><mfrac
        ><mrow><mo>∂</mo><mi>J</mi></mrow
        ><mrow><mo>∂</mo><mi>ŷ</mi></mrow></mfrac
      ><msup><mi>φ</mi><mo>′</mo></msup
      ><mo>(</mo><msub><mi>z</mi><mn>2</mn></msub
      ><mo>)</mo><msub><mi>w</mi><mn>2</mn></msub
      ><msup><mi>φ</mi><mo>′</mo></msup
      ><mo>(</mo><msub><mi>z</mi><mn>1</mn></msub
      ><mo>)</mo><mi>x</mi>
    </math>`,
    act: 'Move “by a”; then choose the sigmoid at φ and do it again.',
    see: 'The bars of φ′ never pass the middle, which is 1. The bar of w₂ does, and only beside batch norm’s γ/σ does it come to nothing.',
    claims: [BOUNDED_SLOPE, CANCELS],
    sources: [SOURCES.ioffe],
  }),
];
