import PortAPI
import PortRegistry

extension ReservationBody {
    init(_ reservation: Reservation) {
        self.init(
            allocation: AllocationBody(reservation.grant),
            wasOccupied: reservation.wasOccupied,
            killed: reservation.wasKilled,
            occupier: reservation.occupier.map(ProcessDTO.init),
            otherPorts: reservation.otherPorts.numbers
        )
    }
}
