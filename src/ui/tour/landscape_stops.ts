import { html } from 'lit';
import { MORE_SHIFT, SMOOTHER, STEADIER, TRAINS_ALL_THE_SAME } from './landscape_claims';
import { SOURCES } from './sources';
import { stop } from './stop';

/** The loss around the path of training, and what is not the reason. */
export const LANDSCAPE_STOPS = [
  stop({
    title: 'The landscape',
    tab: 'landscape',
    link: '#landscape?view.landscape.rate=0.1&view.landscape.steps=40&view.landscape.every=1',
    text: html`Along the path that training takes, how far can the gradient be trusted? Take steps of several
    lengths along it, and look how the loss and the gradient change. With batch norm they change less, so a
    longer step still does what the gradient promised. This is not so everywhere: a deep linear network is the
    other way round where it starts.`,
    formula: html`<math display="block">
      <mi>β</mi><mo>=</mo><munder><mi>max</mi><mi>s</mi></munder
      ><mfrac
        ><mrow
          ><mo>|</mo><mi>g</mi><mo>(</mo><mi>θ</mi><mo>−</mo><mi>s</mi><mi>g</mi><mo>)</mo><mo>−</mo><mi>g</mi
          ><mo>|</mo></mrow
        ><mrow><mi>s</mi><mo>|</mo><mi>g</mi><mo>|</mo></mrow></mfrac
      ><mo>,</mo><mspace width="0.7em"></mspace><mi>g</mi><mo>=</mo
      ><mfrac
        ><mrow><mo>∂</mo><mi>L</mi></mrow
        ><mrow><mo>∂</mo><mi>θ</mi></mrow></mfrac
      >
    </math>`,
    act: 'Compare the bands of the two networks; then move the learning rate.',
    see: 'Without batch norm a few wide bands, and then the end; with it bands that are narrow all along.',
    claims: [SMOOTHER, STEADIER],
    sources: [SOURCES.santurkar],
  }),
  stop({
    title: 'Covariate shift is not the reason',
    tab: 'landscape',
    link: '#landscape?view.landscape.net=linear&view.landscape.steps=60',
    text: html`Batch norm was made to reduce internal covariate shift: that each layer’s inputs move while it
    learns. Measured as what an update of the layers below does to a layer’s gradient, the shift can be larger
    with batch norm than without. Santurkar et al. also put noise behind batch norm, which brings the shift
    back, and their networks trained almost as well.`,
    formula: html`<math display="block">
      <mi>G</mi><mo>=</mo
      ><mfrac
        ><mrow><mo>∂</mo><mi>L</mi></mrow
        ><mrow
          ><mo>∂</mo><msub><mi>W</mi><mi>i</mi></msub></mrow
        ></mfrac
      ><mo>,</mo><mspace width="0.7em"></mspace><mi>G′</mi><mo>:</mo><mspace width="0.3em"></mspace
      ><mtext>lower layers updated</mtext>
    </math>`,
    act: 'Look at the cosine between G and G′ by step, and choose another layer.',
    see: 'Without batch norm it stays near 1, which is no shift. With batch norm it swings down to below 0.',
    claims: [MORE_SHIFT, TRAINS_ALL_THE_SAME],
    sources: [SOURCES.santurkar, SOURCES.ioffe],
  }),
];
