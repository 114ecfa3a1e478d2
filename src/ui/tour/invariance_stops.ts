import { html } from 'lit';
import { BRAKE, NORM_GROWS, POWERS } from './invariance_claims';
import { SOURCES } from './sources';
import { stop } from './stop';

export const INVARIANCE_STOP = stop({
  title: 'Scale invariance, and the brake',
  tab: 'invariance',
  link: '#invariance?view.invariance.rate=100',
  text: html`What batch norm forgets is the scale of the weights before it. Of that follows all the rest. The
  gradient of weights a times as large is 1/a of what it was, and at right angles to them, so that every step
  makes them longer: by much where the step was too long. What turns them is η/|W|², so a learning rate that
  is too large shrinks what it does next. A plain network has no such brake.`,
  formula: html`<math display="block">
      <mfrac
        ><mrow><mo>∂</mo><mi>BN</mi><mo>(</mo><mi>a</mi><mi>W</mi><mi>u</mi><mo>)</mo></mrow
        ><mrow><mo>∂</mo><mo>(</mo><mi>a</mi><mi>W</mi><mo>)</mo></mrow></mfrac
      ><mo>=</mo><mfrac><mn>1</mn><mi>a</mi></mfrac
      ><mfrac
        ><mrow><mo>∂</mo><mi>BN</mi><mo>(</mo><mi>W</mi><mi>u</mi><mo>)</mo></mrow
        ><mrow><mo>∂</mo><mi>W</mi></mrow></mfrac
      >
    </math>
    <math display="block">
      <msup
        ><mrow><mo>|</mo><mi>W′</mi><mo>|</mo></mrow
        ><mn>2</mn></msup
      ><mo>=</mo
      ><msup
        ><mrow><mo>|</mo><mi>W</mi><mo>|</mo></mrow
        ><mn>2</mn></msup
      ><mo>+</mo><msup><mi>η</mi><mn>2</mn></msup
      ><msup
        ><mrow><mo>|</mo><mi>g</mi><mo>|</mo></mrow
        ><mn>2</mn></msup
      >
    </math>`,
  act: 'Read the first charts from left to right: a grows. Then move the learning rate of the second.',
  see: 'Two straight lines, flat and falling. At a large η the first update alone lengthens the weights by that much, and what follows is calm; beside it the plain layer diverges.',
  claims: [POWERS, NORM_GROWS, BRAKE],
  sources: [SOURCES.ioffe, SOURCES.laarhoven, SOURCES.arora],
});
