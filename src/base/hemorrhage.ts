/** Any intracranial hemorrhage and its five subtypes: the one table of names and codes. */
export interface HemorrhageClass {
  readonly name: HemorrhageName;
  readonly label: string;
  readonly abbreviation: string;
  /** As Ye et al. 2019 abbreviate it. */
  readonly paperAbbreviation: string;
  /** SNOMED CT concept. */
  readonly snomedCode: string;
  readonly snomedMeaning: string;
}

export type HemorrhageSubtypeName =
  | 'intraparenchymal'
  | 'intraventricular'
  | 'subdural'
  | 'epidural'
  | 'subarachnoid';
export type HemorrhageName = 'anyHemorrhage' | HemorrhageSubtypeName;

export const ANY_HEMORRHAGE: HemorrhageClass = {
  name: 'anyHemorrhage',
  label: 'Any intracranial hemorrhage',
  abbreviation: 'ICH',
  paperAbbreviation: 'ICH',
  snomedCode: '1386000',
  snomedMeaning: 'Intracranial hemorrhage',
};

/** In the order of the five-type network's outputs, everywhere. */
export const HEMORRHAGE_SUBTYPES: readonly (HemorrhageClass & { readonly name: HemorrhageSubtypeName })[] = [
  {
    name: 'intraparenchymal',
    label: 'Intraparenchymal',
    abbreviation: 'IPH',
    paperAbbreviation: 'CPH',
    snomedCode: '274100004',
    snomedMeaning: 'Cerebral hemorrhage',
  },
  {
    name: 'intraventricular',
    label: 'Intraventricular',
    abbreviation: 'IVH',
    paperAbbreviation: 'IVH',
    snomedCode: '23276006',
    snomedMeaning: 'Intraventricular hemorrhage',
  },
  {
    name: 'subdural',
    label: 'Subdural',
    abbreviation: 'SDH',
    paperAbbreviation: 'SDH',
    snomedCode: '35486000',
    snomedMeaning: 'Subdural intracranial hemorrhage',
  },
  {
    name: 'epidural',
    label: 'Epidural',
    abbreviation: 'EDH',
    paperAbbreviation: 'EDH',
    snomedCode: '428268007',
    snomedMeaning: 'Epidural intracranial hemorrhage',
  },
  {
    name: 'subarachnoid',
    label: 'Subarachnoid',
    abbreviation: 'SAH',
    paperAbbreviation: 'SAH',
    snomedCode: '21454007',
    snomedMeaning: 'Subarachnoid intracranial hemorrhage',
  },
];

export const HEMORRHAGE_SUBTYPE_NAMES: readonly HemorrhageSubtypeName[] = HEMORRHAGE_SUBTYPES.map(
  (s) => s.name,
);

/** Any hemorrhage first, then the five subtypes: the order of label columns and of heat maps. */
export const HEMORRHAGE_CLASSES: readonly HemorrhageClass[] = [ANY_HEMORRHAGE, ...HEMORRHAGE_SUBTYPES];

/** A value for each class, by its name. */
export const ofClasses = <T>(value: (name: HemorrhageName) => T): Record<HemorrhageName, T> => ({
  anyHemorrhage: value('anyHemorrhage'),
  ...ofSubtypes(value),
});

/** A value for each subtype, by its name. */
export const ofSubtypes = <T>(
  value: (name: HemorrhageSubtypeName) => T,
): Record<HemorrhageSubtypeName, T> => ({
  intraparenchymal: value('intraparenchymal'),
  intraventricular: value('intraventricular'),
  subdural: value('subdural'),
  epidural: value('epidural'),
  subarachnoid: value('subarachnoid'),
});
