/** An example of the input: a model, two readers, a slice, a subtype, a study that was left out. */
const LINES = [
  'patient,study,slice,class,reference,reader,probability,decision,set,excluded,age,sex',
  'P1,S1,,anyHemorrhage,1,my model,0.93,,test,,54,F',
  'P1,S1,12,anyHemorrhage,1,my model,0.88,,test,,54,F',
  'P1,S1,,subdural,1,my model,0.71,,test,,54,F',
  'P1,S1,,anyHemorrhage,1,trainee 1,,1,test,,54,F',
  'P1,S1,,anyHemorrhage,1,trainee 2,,0,test,,54,F',
  'P2,S2,,anyHemorrhage,0,my model,0.12,,test,,71,M',
  'P2,S2,,anyHemorrhage,0,trainee 1,,0,test,,71,M',
  'P2,S2,,anyHemorrhage,0,trainee 2,,0,test,,71,M',
  'P3,S3,,anyHemorrhage,,my model,,,test,motion artifacts,66,F',
];

/** As `ichor evaluate --template` prints it. */
export const TEMPLATE_CSV = `${LINES.join('\r\n')}\r\n`;
