"""Arrays, and tuples of arrays, handed on by their address.

Compiled code hands a tuple on member by member, and an array as a dozen numbers: fifty arrays cost more than
most formulas that use them. A pointed tuple is one number. It reads like the tuple itself; it is good only
inside the function that made it and what that calls, and only as long as that function uses the tuple again
later.

Arrays of one kind that stand apart in memory need no copy side by side either: a table of their addresses
serves. Whoever makes it keeps them where they are.
"""

from typing import Any

from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.extending import infer_getattr, intrinsic, lower_getattr_generic, register_model
from numba.core.imputils import impl_ret_borrowed
from numba.core.typing.templates import AttributeTemplate
from numba.np.arrayobj import get_cfarray_intrinsic


class Pointed(types.Type):
    """The type of a pointed tuple."""

    def __init__(self, held: Any) -> None:
        self.held = held
        super().__init__(name=f"Pointed({held})")


@register_model(Pointed)
class _PointedModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, manager.lookup(kind.held).get_value_type().as_pointer())


@infer_getattr
class _PointedAttribute(AttributeTemplate):
    key = Pointed

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]
        """Type of a member; None where there is none of this name."""
        fields = kind.held.fields
        return kind.held.types[fields.index(name)] if name in fields else None


@lower_getattr_generic(Pointed)
def _member(context: Any, builder: Any, kind: Any, value: Any, name: str) -> Any:
    index = kind.held.fields.index(name)
    place = cgutils.gep_inbounds(builder, value, 0, index)
    return impl_ret_borrowed(context, builder, kind.held.types[index], builder.load(place))


def _point(_typing: Any, held: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return cgutils.alloca_once_value(builder, arguments[0])

    return Pointed(held)(held), generate


#: A named tuple, pointed.
point: Any = intrinsic(_point)


def _as_pointer(_typing: Any, address: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), generate


#: An address as a pointer, for ``array_at``.
pointer: Any = intrinsic(_as_pointer)
#: The floats at a pointer, in a shape; ``numba.carray`` would ask for counted memory.
array_at: Any = get_cfarray_intrinsic("C", types.DType(types.float64))
