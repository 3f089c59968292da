"""Every study of the book, by name: one module a part."""

from companion.experiments.catalogue import optimizers, practice, regularization, start

_STUDIES = (
    *start.STUDIES,
    *regularization.STUDIES,
    *optimizers.STUDIES,
    *practice.STUDIES,
)

STUDIES = {study.name: study for study in _STUDIES}
