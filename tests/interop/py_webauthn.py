"""A relying party on py_webauthn (PyPI `webauthn`).

One JSON request a line on standard input, one JSON answer a line on standard output; see tests/src/judge.rs.
Arguments: RP ID, origin.
"""

import json
import sys
from dataclasses import dataclass, field

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

RP_ID, ORIGIN = sys.argv[1:3]


@dataclass
class Account:
    user_id: bytes
    credentials: dict = field(default_factory=dict)  # credential ID in base64url -> (public key, sign count)


accounts: dict[str, Account] = {}
begun: dict[str, tuple] = {}


def registration_options(user, userVerification, attestation, exclude, algorithm):
    known = accounts.get(user)
    options = webauthn.generate_registration_options(
        rp_id=RP_ID,
        rp_name="py_webauthn",
        user_name=user,
        user_id=known.user_id if known else None,
        attestation=AttestationConveyancePreference(attestation),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement(userVerification),
        ),
        exclude_credentials=descriptors(known) if exclude else [],
        supported_pub_key_algs=[COSEAlgorithmIdentifier(algorithm)] if algorithm else None,
    )
    begun["register"] = (user, userVerification, options)
    return {"options": json.loads(webauthn.options_to_json(options))}


def register(response):
    user, user_verification, options = begun["register"]
    verified = webauthn.verify_registration_response(
        credential=response,
        expected_challenge=options.challenge,
        expected_rp_id=RP_ID,
        expected_origin=ORIGIN,
        require_user_verification=user_verification == "required",
        supported_pub_key_algs=[parameter.alg for parameter in options.pub_key_cred_params],
    )
    account = accounts.setdefault(user, Account(options.user.id))
    account.credentials[bytes_to_base64url(verified.credential_id)] = (verified.credential_public_key, verified.sign_count)
    return {
        "accepted": {
            "user": user,
            "userVerified": verified.user_verified,
            "format": AttestationFormat(verified.fmt).value,
            "aaguid": verified.aaguid,
            "signCount": verified.sign_count,
        }
    }


def sign_in_options(user, userVerification):
    options = webauthn.generate_authentication_options(
        rp_id=RP_ID,
        allow_credentials=descriptors(accounts.get(user)),
        user_verification=UserVerificationRequirement(userVerification),
    )
    begun["signIn"] = (userVerification, options)
    return {"options": json.loads(webauthn.options_to_json(options))}


def sign_in(response):
    user_verification, options = begun["signIn"]
    user, (public_key, sign_count) = next(
        (name, account.credentials[response["id"]]) for name, account in accounts.items() if response["id"] in account.credentials
    )
    verified = webauthn.verify_authentication_response(
        credential=response,
        expected_challenge=options.challenge,
        expected_rp_id=RP_ID,
        expected_origin=ORIGIN,
        credential_public_key=public_key,
        credential_current_sign_count=sign_count,
        require_user_verification=user_verification == "required",
    )
    return {"accepted": {"user": user, "userVerified": verified.user_verified, "signCount": verified.new_sign_count}}


def descriptors(account):
    ids = account.credentials if account else {}
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(text)) for text in ids]


COMMANDS = {
    "registrationOptions": registration_options,
    "register": register,
    "signInOptions": sign_in_options,
    "signIn": sign_in,
}

for line in sys.stdin:
    request = json.loads(line)
    command = COMMANDS[request.pop("command")]
    try:
        answer = command(**request)
    except Exception as error:  # whatever the library raises is its refusal
        answer = {"refused": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
