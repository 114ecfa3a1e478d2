import './ui/trusted_types';
import './ui/theme.css';
import './ui/normscape_app';
