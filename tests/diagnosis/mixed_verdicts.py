"""Which verdicts the seeds of a recorded arm may get where they do not agree."""


def allowed(record, arms, *verdicts):
    return {(record, arm): set(verdicts) for arm in arms.split()}


# Near a threshold seeds differ.
MIXED = (
    allowed("batch-normalization", "plain-0-003", "too short", "underfits")
    | allowed("batch-normalization", "plain-0-03", "fine", "overfits", "underfits")
    | allowed("batch-normalization", "plain-0-1 batch-norm-0-3", "underfits", "unstable")
    | allowed("batch-normalization", "batch-norm-0-003", "overfits", "underfits")
    | allowed("batch-normalization", "batch-norm-0-01 batch-norm-0-03", "overfits", "unstable")
    | allowed("batch-normalization", "batch-norm-0-1", "overfits", "underfits", "unstable")
    | allowed("capacity", "width-16", "fine", "overfits", "underfits")
    | allowed("combining", "l2 dropout l2-dropout", "fine", "too short")
    | allowed("combining", "l2-dropout-batch-norm", "fine", "too short")
    | allowed("combining", "l2-dropout-augmentation", "fine", "too short")
    | allowed("data-augmentation", "flip-shift flip-shift-cutout", "fine", "too short")
    | allowed("dropout", "size-4000-rate-0-75", "fine", "overfits", "too short", "underfits")
    | allowed("dropout", "size-16000-rate-0 size-16000-rate-0-25", "fine", "too short")
    | allowed("dropout", "size-16000-rate-0-5 size-16000-rate-0-75", "fine", "too short")
    | allowed("l1", "penalty-0-0001", "fine", "overfits", "too short", "underfits")
    | allowed("l1", "proximal-0-01", "fine", "overfits")
    | allowed("l1", "proximal-0-03", "overfits", "underfits")
    | allowed("l2", "none-0-001 l2-0-0001-0-001 l2-0-001-0-001", "too short", "underfits")
    | allowed("l2", "decay-0-01-0-001 decay-0-1-0-001", "too short", "underfits")
    | allowed("l2", "none-0-003 l2-0-0001-0-003 l2-0-001-0-003", "too short", "underfits")
    | allowed("l2", "decay-0-01-0-003 decay-0-1-0-003", "too short", "underfits")
    | allowed("l2", "l2-0-001-0-01", "underfits", "unstable")
    | allowed("sgd", "batch-1-0-001 batch-1-0-003 batch-1-0-01", "too short", "underfits")
    | allowed("sgd", "batch-64-0-03", "too short", "underfits")
    | allowed("sgd", "batch-64-0-1", "overfits", "unstable")
    | allowed("sgd", "batch-64-0-3", "overfits", "too short", "unstable")
    | allowed("sgd", "batch-5000-0-1", "underfits", "unstable")
    | allowed("words", "sgd-0-001 sgd-0-003 sgd-0-03 sgd-0-1", "fine", "too short")
    | allowed("words", "sgd-1", "fine", "overfits", "unstable")
    | allowed("words", "momentum-0-0003 momentum-0-003 momentum-0-01", "fine", "too short")
    | allowed("words", "momentum-1 momentum-3 adagrad-1 adagrad-3", "overfits", "unstable")
    | allowed("words", "adagrad-0-0003 adagrad-0-001 adagrad-0-003", "fine", "too short")
    | allowed("words", "adagrad-0-01 adagrad-0-03", "fine", "too short")
    | allowed("words", "rmsprop-0-0001 rmsprop-0-0003 adam-0-0001 adam-0-0003", "fine", "too short")
    | allowed("words", "rmsprop-0-03 rmsprop-0-1 rmsprop-0-3 rmsprop-1", "overfits", "unstable")
    | allowed("words", "rmsprop-3", "overfits", "unstable")
    | allowed("words-from-zero", "adagrad-0-0001 adagrad-0-001 adagrad-0-003", "fine", "too short")
    | allowed("words-from-zero", "adagrad-0-01", "fine", "too short")
)
