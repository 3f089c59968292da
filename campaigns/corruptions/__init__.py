"""Random corruptions of CIFAR-10 in every layout: each is noticed or harmless, none does harm.

`plan` draws kinds and layouts evenly, `trial` corrupts a copy of a small data set of the same form,
loads it and watches, `worker` does so in a process with limits. The kinds are in `records`,
`batch_files`, `file_system`, `packing`, `entries`, `bombs` and `pickles`.
"""
