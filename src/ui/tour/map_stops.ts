import { html } from 'lit';
import { NORMED_DEPTH, NORMED_SLOPE, PLAIN_DEPTH, PLAIN_SLOPE, SHALLOW, SMALL_BATCH } from './map_claims';
import { BEYOND, SHARPER } from './sharpness_claims';
import { SOURCES } from './sources';
import { stop } from './stop';

export const GAIN_STOP = stop({
  title: 'Gain × learning rate',
  tab: 'map',
  link: '#map?preset=init-gain&axes.x.from=0.000001&axes.y.from=1&optimizer.steps=40',
  text: html`A real, if small, network: four hidden ReLU layers of 16 units. ReLU lets scale through, so the
  five weight matrices multiply as the five weights of the chain did, and the edge falls with the same power.
  With batch norm the hidden weights may be as large as they like; what still counts are the weights of the
  output, which it does not normalize.`,
  formula: html`<math display="block">
    <msub><mi>η</mi><mtext>edge</mtext></msub
    ><mo>~</mo
    ><msup
      ><mi>g</mi><mrow><mo>−</mo><mn>2</mn><mo>(</mo><mi>L</mi><mo>−</mo><mn>1</mn><mo>)</mo></mrow></msup
    ><mo>,</mo><mspace width="1em"></mspace><mi>L</mi><mo>=</mo><mn>5</mn>
  </math>`,
  act: 'Point at cells high up, and compare the two curves of the loss.',
  see: 'On the left the part that trains narrows to nothing; on the right it goes straight up. The third map shows what was rescued.',
  claims: [PLAIN_SLOPE, NORMED_SLOPE],
  sources: [SOURCES.bjorck, SOURCES.he],
});

export const DEPTH_STOP = stop({
  title: 'Depth × learning rate',
  tab: 'map',
  link: '#map?preset=depth&model.initialization.gain=2&axes.x.from=0.00001&axes.y.to=8&optimizer.steps=40',
  text: html`Weights twice He’s: each layer more multiplies what runs through by 2 and curvature by 4, so each
  layer costs three quarters of the learning rate that is left. With batch norm a layer more costs nothing of
  it.`,
  formula: html`<math display="block">
    <msub><mi>η</mi><mtext>edge</mtext></msub
    ><mo>~</mo
    ><msup
      ><mi>g</mi><mrow><mo>−</mo><mn>2</mn><mi>D</mi></mrow></msup
    >
  </math>`,
  act: 'Point from the bottom to the top: 1 to 8 hidden layers. Change the initial gain, and watch the slope.',
  see: 'A staircase on the left, a wall on the right.',
  claims: [PLAIN_DEPTH, NORMED_DEPTH],
  sources: [SOURCES.bjorck, SOURCES.he],
});

export const PARADOX_STOP = stop({
  title: 'The sharpness paradox',
  tab: 'map',
  link: '#map?preset=depth&axes.x.from=0.0001&axes.y.from=2&optimizer.steps=60&measures=["sharpness_initial"]',
  text: html`Near a minimum descent is stable up to 2/λ, λ the largest curvature. So batch norm must make deep
  networks flatter? Where training starts it makes them sharper: going back, a gradient grows by π/(π − 1) in
  its square for each ReLU layer with batch norm. They train all the same: each step makes the weights before
  batch norm longer, and λ falls as 1/|W|². 2/λ is the limit of a bowl that stays as it is.`,
  formula: html`<math display="block">
    <mi>λ</mi><mo>~</mo
    ><mfrac
      ><mn>1</mn
      ><msup
        ><mrow><mo>|</mo><mi>W</mi><mo>|</mo></mrow
        ><mn>2</mn></msup
      ></mfrac
    ><mo>,</mo><mspace width="1em"></mspace
    ><mfrac
      ><mi>π</mi><mrow><mi>π</mi><mo>−</mo><mn>1</mn></mrow></mfrac
    ><mo>=</mo><mn>1.467</mn>
  </math>`,
  act: 'Compare the drawn line, 2/λ where training starts, with where the colours of training end.',
  see: 'On the right, with batch norm, the line bends far to the left as layers are added, and training goes on beyond it.',
  claims: [SHARPER, BEYOND],
  sources: [SOURCES.yang, SOURCES.cohen, SOURCES.arora],
});

export const NO_HELP_STOP = stop({
  title: 'Where batch norm does not help',
  tab: 'map',
  link: '#map?preset=batch-size&model.hidden=[16]&axes.x.from=0.001',
  text: html`One hidden layer, He’s weights: nothing explodes, so there is little to prevent. And statistics
  need samples: of a batch of two each normalized value is +1 or −1, whatever the inputs were, and nothing but
  an order is left of the data.`,
  formula: html`<math display="block">
    <mi>m</mi><mo>=</mo><mn>2</mn><mo>:</mo><mspace width="0.5em"></mspace><mover><mi>x</mi><mo>^</mo></mover
    ><mo>=</mo><mo>±</mo><mn>1</mn>
  </math>`,
  act: 'Point from the bottom, 2 samples a batch, to the top, 128.',
  see: 'At the top batch norm trains up to a few times the rate, no more. At the bottom batch norm is the worse of the two.',
  claims: [SMALL_BATCH, SHALLOW],
  sources: [SOURCES.ioffe, SOURCES.bjorck],
});
