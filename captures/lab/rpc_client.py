#!/usr/bin/python3
"""Calls RPC interfaces over TCP with Samba's own client library, for rpc.sh.

  rpc_client.py --conf smb.conf --server HOST [--user DOMAIN\\NAME --password TEXT | --machine NAME --password TEXT | --kerberos CACHE]
                OPTIONS INTERFACE…

OPTIONS are those of Samba's binding strings, such as `seal,ntlm` or `sign,bigendian`; `-` for none. A second interface is bound
on the connection of the first, by alter context. Without anybody named, nobody authenticates.
"""
import argparse

from samba import credentials, param
from samba.dcerpc import drsuapi, lsa, misc, netlogon, samr, security, winreg


def call_samr(bound):
    server = bound.Connect2(None, security.SEC_FLAG_MAXIMUM_ALLOWED)
    bound.EnumDomains(server, 0, 1000)
    bound.Close(server)


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
    _, handle = bound.DsBind(misc.GUID(drsuapi.DRSUAPI_DS_BIND_GUID), info)
    name = drsuapi.DsNameString()
    name.str = 'EXAMPLE\\svc-lookup'
    request = drsuapi.DsNameRequest1()
    request.format_offered = drsuapi.DRSUAPI_DS_NAME_FORMAT_NT4_ACCOUNT
    request.format_desired = drsuapi.DRSUAPI_DS_NAME_FORMAT_FQDN_1779
    request.names = [name]
    request.count = 1
    bound.DsCrackNames(handle, 1, request)
    bound.DsUnbind(handle)


def call_locator(bound):
    bound.netr_DsRGetDCName('dc1', 'example.test', None, None, 0)


def call_trusts(bound):
    bound.netr_DsrEnumerateDomainTrusts('dc1', 63)


def call_winreg(bound):
    key = bound.OpenHKLM(None, winreg.KEY_READ)
    bound.GetVersion(key)
    bound.CloseKey(key)


interfaces = {
    'samr': (samr.samr, call_samr),
    'lsarpc': (lsa.lsarpc, call_lsarpc),
    'drsuapi': (drsuapi.drsuapi, call_drsuapi),
    'locator': (netlogon.netlogon, call_locator),
    'trusts': (netlogon.netlogon, call_trusts),
    'winreg': (winreg.winreg, call_winreg),
}


def main():
    words = argparse.ArgumentParser()
    for word in ('--conf', '--server', '--user', '--machine', '--password', '--kerberos'):
        words.add_argument(word)
    words.add_argument('options')
    words.add_argument('interfaces', nargs='+')
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
    elif asked.kerberos:
        who.set_named_ccache(asked.kerberos, credentials.SPECIFIED, settings)
    else:
        who.set_anonymous()
    who.set_kerberos_state(credentials.MUST_USE_KERBEROS if asked.kerberos else credentials.DONT_USE_KERBEROS)

    options = '' if asked.options == '-' else f'[{asked.options}]'
    binding = f'ncacn_ip_tcp:{asked.server}{options}'
    first = None
    for name in asked.interfaces:
        kind, call = interfaces[name]
        bound = kind(binding, settings, who) if first is None else kind(binding, settings, basis_connection=first)
        first = first or bound
        call(bound)


main()
