/** Any intracranial hemorrhage and its five subtypes: the one table of names. Codes for archives stand in results/. */
export interface HemorrhageClass {
  readonly name: HemorrhageName;
  readonly label: string;
  readonly abbreviation: string;
  /** As Ye et al. 2019 abbreviate it. */
  readonly paperAbbreviation: string;
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
};

/** In the order of the five-type network's outputs, everywhere. */
export const HEMORRHAGE_SUBTYPES: readonly (HemorrhageClass & { readonly name: HemorrhageSubtypeName })[] = [
  {
    name: 'intraparenchymal',
    label: 'Intraparenchymal',
    abbreviation: 'IPH',
    paperAbbreviation: 'CPH',
  },
  {
    name: 'intraventricular',
    label: 'Intraventricular',
    abbreviation: 'IVH',
    paperAbbreviation: 'IVH',
  },
  {
    name: 'subdural',
    label: 'Subdural',
    abbreviation: 'SDH',
    paperAbbreviation: 'SDH',
  },
  {
    name: 'epidural',
    label: 'Epidural',
    abbreviation: 'EDH',
    paperAbbreviation: 'EDH',
  },
  {
    name: 'subarachnoid',
    label: 'Subarachnoid',
    abbreviation: 'SAH',
    paperAbbreviation: 'SAH',
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
