"""What tutorials say too simply, and the claims and tests of this book that settle it.

Numbers are those of the list of errata.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Erratum:
    """What is said too simply, as it is, and the ids of what shows it."""

    right: str
    settled_by: tuple[str, ...]  # ids of claims (chapter/slug) and of tests (file::name)


HERE = "tests/book/test_errata.py"
TABLE = "tests/from_scratch/optimizers/test_table.py"
CONVERSION = "tests/conversion/test_conversion_table.py"
ERRATA = {
    1: Erratum(
        "An L2 penalty is weight decay under plain SGD only; under Adam the two part.",
        (
            "l2/sgd-l2-is-weight-decay",
            "l2/adam-differs",
            "adam/decoupled",
            "choosing/decay-hardly-acts",
        ),
    ),
    2: Erratum(
        "Keras' L2 has no factor 1/2, and its weight_decay is decoupled and hits every weight.",
        (
            "l2/no-half",
            "l2/decay-is-one-line",
            "l2/decay-hits-everything",
            "tests/from_scratch/test_penalties.py::test_value_and_gradient_equal_keras",
            "tests/test_weight_decay.py::test_without_exclusions_keras_decays_everything",
            "tests/test_weight_decay.py::test_excluded_weights_do_not_decay_and_all_others_do",
        ),
    ),
    3: Erratum(
        "Adam adds epsilon to the root, and its t counts the updates: a standing t makes the step "
        "2.06 times as long at the tenth update and 0.32 times in the end.",
        (
            "adam/frozen-time",
            "adam/equals-keras",
            "tests/from_scratch/test_adam.py::test_bias_correction_is_exact_for_equal_gradients",
            f"{TABLE}::test_equals_keras",
            f"{TABLE}::test_the_table_notices_what_is_wrong",
        ),
    ),
    4: Erratum(
        "A step of weight decay contains the learning rate, and weights shrink geometrically.",
        ("l2/decay-is-geometric", "l2/decay-is-one-line"),
    ),
    5: Erratum(
        "Keras scales up by 1 / (1 - rate) while training, and nothing at test time.",
        (
            "dropout/scaling",
            "dropout/equals-keras",
            "tests/from_scratch/test_dropout.py::test_kept_values_are_scaled_and_the_others_are_zero",
        ),
    ),
    6: Erratum(
        "Subgradient steps never give exact zeros under an L1 penalty; proximal steps do.",
        (
            "l1/never-lands",
            "l1/no-exact-zeros",
            "tests/callbacks/test_proximal_l1.py::test_inputs_that_say_nothing_get_weights_of_exactly_zero",
            "tests/experiments/test_training.py::test_a_proximal_step_gives_exact_zeros_and_a_penalty_none",
        ),
    ),
    7: Erratum(
        "In front of BatchNorm an L2 penalty changes the learning rate, not the capacity.",
        ("batch_normalization/scale-invariance", "batch_normalization/l2-is-a-schedule"),
    ),
    8: Erratum(
        "Why BatchNorm works is open: noise put back behind it does not undo all of its gain.",
        ("batch_normalization/noise-keeps-the-gain",),
    ),
    9: Erratum(
        "With Keras' momentum 0.99 BatchNorm's statistics lag, so short runs look random.",
        (
            "batch_normalization/initial-statistics",
            "batch_normalization/short-runs-look-random",
            "tests/from_scratch/test_batch_norm.py::test_initial_statistics_fade_geometrically",
        ),
    ),
    10: Erratum(
        "Dropout in front of BatchNorm shifts the variance between training and test.",
        ("dropout/variance-shift", "dropout/place"),
    ),
    11: Erratum(
        "SGD today draws minibatches without replacement; one sample at a time is an extreme.",
        (
            "sgd/keras-epoch",
            f"{HERE}::test_an_epoch_takes_every_sample_once_in_batches_of_any_size",
        ),
    ),
    12: Erratum(
        "Most points without a slope are saddles, and much of what looks stuck is on a plateau or "
        "near a saddle; bad minima exist, and at a constant rate noise keeps SGD from settling.",
        (
            "sgd/critical-points",
            "sgd/looks-stuck",
            "sgd/bad-minimum",
            "sgd/saddle",
            "sgd/plateau",
            "sgd/noise-floor",
        ),
    ),
    13: Erratum(
        "At one learning rate for all, the rate decides which optimizer wins; each needs the same "
        "search over rates of its own.",
        (
            "adagrad/keras-defaults",
            "adagrad/default-looks-broken",
            "adagrad/one-rate-ranks-nothing",
            "momentum/images-same-effective-rate",
            "choosing/live-one-rate",
            "choosing/live-tuned",
            "choosing/one-rate-misleads",
            "choosing/defaults-mislead",
            "choosing/space-decides",
        ),
    ),
    14: Erratum(
        "Adam generalizes worse on a construction, and it can walk to the worst point; with other "
        "settings it contains momentum, and none of this says that it loses on your task.",
        (
            "adam/wilson",
            "adam/wilson-depends-on-settings",
            "adam/walks-to-the-worst-point",
            "adam/default-betas-fail-too",
            "adam/contains-momentum",
            "adam/default-beats-a-coarse-sweep",
            "choosing/space-decides",
        ),
    ),
    15: Erratum(
        "Frameworks write momentum in different forms, which part when the rate changes, and put "
        "epsilon in different places.",
        (
            "momentum/forms-part",
            "momentum/averaging-form",
            "adam/epsilon-hat",
            "rmsprop/place-of-epsilon",
            f"{TABLE}::test_only_a_dropping_rate_tells_the_momentum_of_pytorch",
            f"{CONVERSION}::"
            "test_paths_are_equal_where_there_is_no_warning_and_differ_where_there_is",
            "tests/from_scratch/test_adam.py::test_epsilon_is_that_of_section_2",
        ),
    ),
    16: Erratum(
        "Adagrad gives rare words larger steps if its sums begin at zero; begun at 0.1, as in "
        "Keras, they change next to nothing, and tuned alike others do as well.",
        (
            "adagrad/rates-by-frequency",
            "adagrad/start-switches-off",
            "adagrad/start-at-zero-pays",
            "adagrad/rare-telling-words",
            "adagrad/not-the-best-on-words",
        ),
    ),
    17: Erratum(
        "How sharp a minimum is depends on how the weights are written, and what the network "
        "answers does not.",
        (
            "batch_size/sharpness-is-a-way-of-writing",
            f"{HERE}::test_the_same_network_has_minima_as_sharp_as_you_like",
        ),
    ),
    18: Erratum(
        "The rate follows the batch up to the noise scale, no further: in proportion for SGD, "
        "with the root for Adam.",
        (
            "batch_size/best-step",
            "batch_size/time-to-target",
            "batch_size/adam-square-root",
            "batch_size/record-best-rates",
        ),
    ),
    19: Erratum(
        "Which batch size is best depends on what is held equal, and on whether each had a rate of "
        "its own.",
        (
            "batch_size/equal-epochs",
            "batch_size/equal-updates",
            "batch_size/record-equal-epochs",
            "batch_size/record-equal-updates",
            "batch_size/record-equal-time",
            "batch_size/record-retuning-closes",
            "batch_size/record-equal-training-loss",
        ),
    ),
    20: Erratum(
        "EarlyStopping keeps the last weights by default; val_loss contains the penalties; the "
        "score at which it stops is too good.",
        (
            "early_stopping/last-weights-by-default",
            "early_stopping/penalty-in-val-loss",
            "combining/penalty-in-loss",
            "early_stopping/stopped-score-flatters",
            "cross_validation/stopping-needs-inner",
        ),
    ),
    21: Erratum(
        "The best of several equal models looks better than it is.",
        (
            "overfitting/best-of-k",
            "overfitting/best-of-six",
            "combining/best-of-six",
            "choosing/optimism",
            "cross_validation/winner-flatters",
            "tests/tuning/test_optimism.py::test_six_equal_models_on_a_hundred_images",
            "tests/diagnosis/test_arms.py::test_where_nothing_differs_few_studies_find_a_difference",
        ),
    ),
    22: Erratum(
        "The test set is no validation set: nothing is chosen by it.",
        (
            "overfitting/test-as-validation",
            "tests/diagnosis/test_reading.py::test_test_metrics_are_never_looked_at",
        ),
    ),
    23: Erratum(
        "validation_split takes the last rows, before shuffling.",
        (
            "baseline/last-rows",
            "tests/datasets/test_dataset.py::test_validation_is_not_the_last_rows",
        ),
    ),
    24: Erratum(
        "What is fitted before data is split leaks; statistics come from the training part.",
        (
            "overfitting/leak",
            "cross_validation/leak",
            "tests/datasets/test_preprocessing.py::test_other_images_are_normalized_by_the_given_statistics",
        ),
    ),
    25: Erratum(
        "An epoch on all data has more updates than one on a part: carry the updates over, or say "
        "of how many an epoch was.",
        (
            "cross_validation/live-refit",
            "cross_validation/refit-pays",
            "tests/tuning/test_cv_tuner_ridge.py::test_epochs_are_rescaled_to_the_same_number_of_updates",
        ),
    ),
    26: Erratum(
        "Hyperband keeps one trial in `factor`, and a search goes on in an old directory, even if "
        "its space has changed.",
        ("tuning/hyperband-budget", "tuning/silent-resume"),
    ),
    27: Erratum(
        "A knob may turn nothing, such as a switch for a layer that was never adapted; a check "
        "before the search finds it.",
        ("tuning/dead-knob",),
    ),
    28: Erratum(
        "compile() keeps the weights: a second fit continues the first; an optimizer that has "
        "trained one model is refused by another.",
        (
            "baseline/compile-keeps-weights",
            "baseline/second-fit-continues",
            "tests/experiments/test_training.py::test_compiling_again_keeps_the_model",
            f"{HERE}::test_an_optimizer_belongs_to_the_model_it_has_trained",
        ),
    ),
    29: Erratum(
        "loss and val_loss cannot be compared until both are measured in inference mode.",
        (
            "baseline/printed-lags",
            "overfitting/printed-order",
            "overfitting/penalty-in-val-loss",
            "overfitting/callback-equals-evaluate",
            "dropout/training-accuracy",
            "data_augmentation/printed-accuracy",
            "tests/diagnosis/test_reading.py::test_training_metrics_in_inference_mode_go_before_those_of_fit",
        ),
    ),
    30: Erratum(
        "Shuffled folds may score a series far too well; roll the origin, and print the naive "
        "forecast beside the model.",
        ("cross_validation/series", "cross_validation/series-one-step"),
    ),
    31: Erratum(
        "One validation set of a respectable size is enough; on few rows cross-validation is worth "
        "its cost, and the winner's score is optimistic.",
        (
            "cross_validation/split-enough",
            "cross_validation/winner-flatters",
            "cross_validation/nested-real",
        ),
    ),
    32: Erratum(
        "A difference inside its own noise is no finding, the less the more pairs are compared.",
        (
            "overfitting/standard-error",
            "batch_size/half-a-standard-error",
            "batch_size/record-64-or-128",
            "choosing/fifteen-pairs",
            "choosing/final-unclear",
            "cross_validation/false-alarms",
        ),
    ),
}
