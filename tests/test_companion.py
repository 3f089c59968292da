"""The package itself: public names appear when used, and errors name what there is."""

import pytest

import companion


def test_every_public_name_can_be_imported():
    assert dir(companion) == sorted(companion.__all__)
    for name in companion.__all__:
        assert getattr(companion, name) is not None


def test_names_are_those_of_their_modules():
    from companion.claims import ClaimError, claim

    assert companion.claim is claim
    assert companion.ClaimError is ClaimError


def test_a_name_that_does_not_exist():
    with pytest.raises(AttributeError, match=r"no attribute 'claims_of'\. Try one of .*'claim'"):
        companion.claims_of  # noqa: B018
