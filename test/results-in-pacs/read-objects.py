"""Prints what pydicom reads in the DICOM files of a folder, as JSON by path."""

import json
import pathlib
import sys

import pydicom


def named(items, code):
    return [i for i in items if i.ConceptNameCodeSequence[0].CodeValue == code]


def finding(group):
    items = [i for i in group.ContentSequence if "ConceptNameCodeSequence" in i]
    probability = named(items, "122157")[0].MeasuredValueSequence[0]
    return {
        "label": named(items, "112039")[0].TextValue,
        "trackingUid": named(items, "112040")[0].UID,
        "presence": [i.ConceptCodeSequence[0].CodeMeaning for i in named(items, "121052")],
        "probability": float(probability.NumericValue),
    }


def report(d):
    groups = [
        group
        for part in named([i for i in d.ContentSequence if "ConceptNameCodeSequence" in i], "126010")
        for group in named(part.ContentSequence, "125007")
    ]
    old = [
        reference.ReferencedSOPInstanceUID
        for study in d.get("PredecessorDocumentsSequence", [])
        for series in study.ReferencedSeriesSequence
        for reference in series.ReferencedSOPSequence
    ]
    return {"findings": [finding(group) for group in groups], "predecessors": old}


def segment_frame(d, number, frame):
    size = d.Rows * d.Columns
    shared = d.SharedFunctionalGroupsSequence[0]
    source = frame.DerivationImageSequence[0].SourceImageSequence[0]
    bits = range(number * size, (number + 1) * size)
    return {
        "position": [float(x) for x in frame.PlanePositionSequence[0].ImagePositionPatient],
        "orientation": [float(x) for x in shared.PlaneOrientationSequence[0].ImageOrientationPatient],
        "spacing": [float(x) for x in shared.PixelMeasuresSequence[0].PixelSpacing],
        "source": source.ReferencedSOPInstanceUID,
        "sourceFrame": source.get("ReferencedFrameNumber"),
        "pixels": [i - bits.start for i in bits if (d.PixelData[i >> 3] >> (i & 7)) & 1],
    }


def slice_positions(d):
    frames = [frame.PlanePositionSequence[0] for frame in d.get("PerFrameFunctionalGroupsSequence", [])]
    return [[float(x) for x in one.ImagePositionPatient] for one in frames or [d]]


def read(path):
    d = pydicom.dcmread(path)
    said = {"modality": d.Modality, "uid": d.SOPInstanceUID, "patient": d.PatientID, "study": d.StudyInstanceUID}
    if d.Modality == "SR":
        return {**said, **report(d)}
    if d.Modality == "SEG":
        frames = enumerate(d.PerFrameFunctionalGroupsSequence)
        return {**said, "columns": d.Columns, "frames": [segment_frame(d, i, frame) for i, frame in frames]}
    if d.Modality == "CT":
        return {**said, "positions": slice_positions(d)}
    return said


folder = pathlib.Path(sys.argv[1])
print(json.dumps({str(path.relative_to(folder)): read(path) for path in sorted(folder.rglob("*.dcm"))}))
