"""Names of the files that a study has kept, and of those that it should have kept."""

from companion.experiments.store import Store


def file_names(study) -> list[str]:
    folder = Store(study, None, None).folder
    return sorted(path.name for path in folder.iterdir() if path.suffix)


def finished_names(runs) -> list[str]:
    return sorted(f"{arm}-seed{seed}.json" for arm, seed in runs)
