import './ui/theme.css';
import './ui/normscape_app';
