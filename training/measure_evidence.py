"""Measure the reader: `python -m training.measure_evidence --data DIR`.

Sentence hit@1 and hit@2 on `cmrc2018.dev` and `drcd.dev` (simplified), the gold paragraph given:
does the first, or one of the first two, of its sentences hold an answer. Both splits are for
measuring only.
"""
