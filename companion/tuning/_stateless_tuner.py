"""A KerasTuner tuner whose files are not KerasTuner's."""

from typing import NoReturn

import keras_tuner


class StatelessTuner(keras_tuner.Tuner):
    """Keeps neither the state of a search nor weights; a log of folds says all there is to know."""

    def get_best_models(self, num_models: int = 1) -> NoReturn:
        """Refuse: a fold's model is not kept, and was trained on a part of the data."""
        raise RuntimeError(
            f"CVTuner keeps no models of folds, so the best {num_models} cannot be loaded. "
            "Call refit() for a model that is trained on all data."
        )

    def save(self) -> None:
        """Keep nothing."""

    def reload(self) -> NoReturn:
        """Refuse the folder of another tuner."""
        raise ValueError(
            f"project_name of CVTuner must be new. Got {self.project_dir}, which holds the search "
            "of another tuner. Take another project_name."
        )
