#!/usr/bin/python3
"""RPC calls that Samba's client cannot make, with impacket, for rpc.sh.

  rpc_impacket.py lookup HOST                        ept_lookup: all that an endpoint mapper knows
  rpc_impacket.py alter HOST PORT NAME PASSWORD      drsuapi at level 6, then lsarpc on the same connection by alter context
"""
import sys

from impacket.dcerpc.v5 import drsuapi, epm, lsad, rpcrt, transport

EPT_S_NOT_REGISTERED = 0x16C9A0D6


def lookup(host):
    rpc = transport.DCERPCTransportFactory(f'ncacn_ip_tcp:{host}[135]').get_dce_rpc()
    rpc.connect()
    try:
        epm.hept_lookup(None, dce=rpc)
    except rpcrt.DCERPCException as ended:  # Samba says after the last page that nothing more is registered
        if ended.get_error_code() != EPT_S_NOT_REGISTERED:
            raise
    rpc.disconnect()


def alter(host, port, name, password):
    way = transport.DCERPCTransportFactory(f'ncacn_ip_tcp:{host}[{port}]')
    way.set_credentials(name, password, 'EXAMPLE')
    rpc = way.get_dce_rpc()
    rpc.set_auth_level(rpcrt.RPC_C_AUTHN_LEVEL_PKT_PRIVACY)
    rpc.connect()
    rpc.bind(drsuapi.MSRPC_UUID_DRSUAPI)
    request = drsuapi.DRSBind()
    request['puuidClientDsa'] = drsuapi.NTDSAPI_CLIENT_GUID
    extensions = drsuapi.DRS_EXTENSIONS_INT()
    extensions['cb'] = len(extensions)
    extensions['dwFlags'] = drsuapi.DRS_EXT_STRONG_ENCRYPTION
    request['pextClient']['cb'] = len(extensions)
    request['pextClient']['rgb'] = list(extensions.getData())
    rpc.request(request)
    other = rpc.alter_ctx(lsad.MSRPC_UUID_LSAD)
    try:
        lsad.hLsarOpenPolicy2(other)
    except rpcrt.DCERPCException as denied:  # Samba lets nobody ask lsarpc for this over TCP
        if str(denied) != 'rpc_s_access_denied':
            raise
    rpc.disconnect()


{'lookup': lookup, 'alter': alter}[sys.argv[1]](*sys.argv[2:])
