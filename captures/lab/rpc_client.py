#!/usr/bin/python3
"""Calls one RPC interface over TCP with Samba's own client library, for rpc.sh.

  rpc_client.py --conf smb.conf --server HOST [--user DOMAIN\\NAME | --machine NAME] [--password TEXT] [--kerberos] INTERFACE OPTIONS

OPTIONS are those of Samba's binding strings, such as `seal,ntlm` or `sign,bigendian`; `-` for none.
"""
import argparse

from samba import credentials, param
from samba.dcerpc import drsuapi, epmapper, lsa, mgmt, misc, netlogon, samr, security
from samba.dcerpc.base import ClientConnection  # noqa: F401  (loads the base classes)


def call_samr(bound):
    server = bound.Connect2(None, security.SEC_FLAG_MAXIMUM_ALLOWED)
    names, _ = bound.EnumDomains(server, 0, 1000)[1], None
    bound.Close(server)
    return names


def call_lsarpc(bound):
    objects = lsa.ObjectAttribute()
    objects.sec_qos = lsa.QosInfo()
    policy = bound.OpenPolicy2('\\', objects, security.SEC_FLAG_MAXIMUM_ALLOWED)
    bound.QueryInfoPolicy2(policy, lsa.LSA_POLICY_INFO_DNS)
    bound.Close(policy)


def call_drsuapi(bound):
    info = drsuapi.DsBindInfoCtr()
    info.length = 28
    info.info = drsuapi.DsBindInfo28()
    _, handle = bound.DsBind(misc.GUID(drsuapi.DRSUAPI_DS_BIND_GUID), info)[0:2]
    request = drsuapi.DsNameRequest1()
    request.format_offered = drsuapi.DRSUAPI_DS_NAME_FORMAT_NT4_ACCOUNT
    request.format_desired = drsuapi.DRSUAPI_DS_NAME_FORMAT_FQDN_1779
    name = drsuapi.DsNameString()
    name.str = 'EXAMPLE\\svc-lookup'
    request.names = [name]
    request.count = 1
    bound.DsCrackNames(handle, 1, request)
    bound.DsUnbind(handle)


def call_netlogon(bound):
    bound.netr_GetDcName(None, 'EXAMPLE') if False else bound.netr_DsRGetDCName('dc1', 'example.test', None, None, 0)


def call_capabilities(bound):
    """What a member does first over its secure channel, apart from the credentials' chain."""
    bound.netr_DsrEnumerateDomainTrusts('dc1', 63)


interfaces = {
    'samr': (samr.samr, call_samr),
    'lsarpc': (lsa.lsarpc, call_lsarpc),
    'drsuapi': (drsuapi.drsuapi, call_drsuapi),
    'netlogon': (netlogon.netlogon, call_netlogon),
    'trusts': (netlogon.netlogon, call_capabilities),
}


def main():
    words = argparse.ArgumentParser()
    words.add_argument('--conf')
    words.add_argument('--server')
    words.add_argument('--user')
    words.add_argument('--machine')
    words.add_argument('--password')
    words.add_argument('--kerberos', metavar='CACHE')
    words.add_argument('interface')
    words.add_argument('options')
    asked = words.parse_args()

    settings = param.LoadParm()
    settings.load(asked.conf)
    who = credentials.Credentials()
    who.guess(settings)
    if asked.user:
        who.parse_string(asked.user)
        who.set_password(asked.password)
    elif asked.machine:
        who.set_username(asked.machine + '$')
        who.set_domain('EXAMPLE')
        who.set_realm('EXAMPLE.TEST')
        who.set_workstation(asked.machine)
        who.set_secure_channel_type(misc.SEC_CHAN_WKSTA)
        who.set_password(asked.password)
    else:
        who.set_anonymous()
    if asked.kerberos:
        who.set_named_ccache(asked.kerberos, credentials.SPECIFIED, settings)
    who.set_kerberos_state(credentials.MUST_USE_KERBEROS if asked.kerberos else credentials.DONT_USE_KERBEROS)

    kind, call = interfaces[asked.interface]
    options = '' if asked.options == '-' else f'[{asked.options}]'
    call(kind(f'ncacn_ip_tcp:{asked.server}{options}', settings, who))


main()
